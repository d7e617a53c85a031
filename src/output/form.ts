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

/** One value of `--format`: a document, or one file a table. */
export type OutputForm = DocumentForm | TablesForm;

/** A form that is one document. Its code is loaded when it is asked for. */
export interface DocumentForm {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  readonly tables?: never;
  load(): Promise<WriteOutput>;
}

/** A form that is one file a table, all in a directory, each `NAME.ENDING`. */
export interface TablesForm {
  readonly name: string;
  readonly summary: string;
  readonly tables: readonly string[];
  readonly ending: string;
  /** The code that writes the table of this name, which is one of `tables`. */
  load(table: string): Promise<WriteOutput>;
}
