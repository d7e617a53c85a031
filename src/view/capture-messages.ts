/** What passes between the screen's thread and the one that reads captures. */
import type { InputErrorCode } from "../capture/input-error.ts";
import type { NamedNic } from "../report/build-platform.ts";
import type { PacketLine } from "../report/packet-line.ts";
import type { PacketRef } from "../report/report.ts";
import type {
  FlowDetail,
  Overview,
  PacketDetail,
  ReadingProgress,
  RowQuery,
  RowWindow,
  TableName,
  TableRows,
} from "../report/view-source.ts";
import type { Thresholds } from "../rules/thresholds.ts";

/** What the worker is started with. Rules are functions, so they go by name. */
export interface CaptureTask {
  readonly names: readonly string[];
  readonly platformAddresses: readonly string[];
  readonly primaryNic: NamedNic | null;
  readonly rules: readonly string[];
  readonly thresholds: Thresholds;
}

/** A question, by kind. */
export interface Questions {
  overview: null;
  rows: RowQuery;
  flow: number;
  packet: PacketRef;
  packetLines: readonly PacketRef[];
  exportReport: { path: string; format: string };
  writePackets: string;
}

/** Its answer. */
export interface Answers {
  overview: Overview;
  rows: RowWindow<TableRows[TableName]>;
  flow: FlowDetail | null;
  packet: PacketDetail | null;
  packetLines: readonly (PacketLine | null)[];
  exportReport: null;
  writePackets: null;
}

export type QuestionKind = keyof Questions;

/** To the worker. */
export type ToWorker = {
  [Kind in QuestionKind]: { readonly kind: Kind; readonly id: number; readonly question: Questions[Kind] };
}[QuestionKind];

/** Why nothing could be read. */
export interface ReadingFailure {
  /** "fault" for one of our own. */
  readonly code: InputErrorCode | "fault";
  readonly message: string;
  readonly hint: string | null;
}

/** From the worker. */
export type FromWorker =
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answers[QuestionKind] }
  | { readonly kind: "refusal"; readonly id: number; readonly message: string }
  | { readonly kind: "opened" }
  | { readonly kind: "progress"; readonly progress: ReadingProgress; readonly revision: number }
  | { readonly kind: "done"; readonly progress: ReadingProgress; readonly revision: number; readonly faulty: boolean }
  | { readonly kind: "failed"; readonly progress: ReadingProgress; readonly failure: ReadingFailure };
