/** What an output form is: it turns a report into text, piece by piece, and knows neither files nor terminals. */
import type { PacketLines } from "../report/packet-line.ts";
import type { ReportView } from "../report/report-view.ts";

/** Takes text in order. The promise settles when more may come, so a slow reader never makes the output pile up. */
export interface TextSink {
  write(text: string): Promise<void>;
}

/** What a form may use. */
export interface OutputInput {
  readonly report: ReportView;
  readonly packets: PacketLines;
  /** ANSI colours may be used. */
  readonly colour: boolean;
}

/** Writes the whole document to the sink. The same input gives the same text. */
export type WriteOutput = (input: OutputInput, sink: TextSink) => Promise<void>;

/** One value of `--format`. Its code is loaded when it is asked for. */
export interface OutputForm {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  load(): Promise<WriteOutput>;
}
