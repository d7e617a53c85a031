/** All that a frame is drawn from: what the person chose, what the analysis told, and how the terminal looks. */
import type { PacketLine } from "../report/packet-line.ts";
import type { Anomaly } from "../report/report.ts";
import type { SessionStatus } from "../report/session-view.ts";
import type {
  FlowDetail,
  Overview,
  PacketDetail,
  ReadingProgress,
  RowWindow,
  TableName,
  TableRows,
} from "../report/view-source.ts";
import type { UiState } from "./state.ts";
import type { Theme } from "./theme.ts";

export type TableWindows = { readonly [Table in TableName]: RowWindow<TableRows[Table]> | null };

/** Quoted evidence of one anomaly. */
export interface Evidence {
  readonly key: string;
  readonly lines: readonly (PacketLine | null)[];
}

/** The latest answers of the source; null where none has come yet. */
export interface ScreenData {
  readonly progress: ReadingProgress | null;
  readonly session: SessionStatus | null;
  readonly overview: Overview | null;
  readonly windows: TableWindows;
  readonly flow: FlowDetail | null;
  readonly packet: PacketDetail | null;
  readonly evidence: Evidence | null;
}

export interface ScreenModel {
  readonly title: string;
  readonly kind: "capture" | "live";
  readonly theme: Theme;
  readonly state: UiState;
  readonly data: ScreenData;
  /** Milliseconds since 1970, for ages of a live session. */
  readonly now: number;
}

/** Names an anomaly from one snapshot to the next, in which its count and sentence may grow. */
export function anomalyKey(anomaly: Anomaly): string {
  return `${anomaly.rule} ${anomaly.firstAt} ${anomaly.flows[0] ?? ""}`;
}

export function anomaliesOf(data: ScreenData): readonly Anomaly[] {
  return data.overview?.report.anomalies ?? [];
}

export function anomalyOf(data: ScreenData, key: string): Anomaly | null {
  return anomaliesOf(data).find((anomaly) => anomalyKey(anomaly) === key) ?? null;
}

/** Captures that packets may come from. */
export function sourceCount(data: ScreenData): number {
  return data.overview?.report.capture.sources.length ?? 1;
}
