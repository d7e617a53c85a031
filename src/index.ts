/**
 * vipscope as a library: reads captures and gives their report, as the command line does with this very function.
 *
 * ```ts
 * import { analyze } from "vipscope";
 *
 * const analysis = await analyze("vm.pcapng");
 * for (const { severity, summary } of analysis.report().anomalies) console.log(severity, summary);
 * analysis.close();
 * ```
 */
import type { Readable } from "node:stream";
import { analyze as analyzeSources, type OnRead, type OpenSources } from "./analyzer.ts";
import { openCapture } from "./capture/merge.ts";
import { openStream } from "./capture/open.ts";
import { scanningBy } from "./capture/scan/scan-pool.ts";
import { bytesRead, SourceFacts } from "./capture/source-facts.ts";
import type { PacketLines } from "./report/packet-line.ts";
import type { Report } from "./report/report.ts";
import { materialize, type ReportView } from "./report/report-view.ts";
import { type AnalysisSettings, checkedSettings } from "./settings/analysis-settings.ts";

export { InputError } from "./capture/input-error.ts";
export type * from "./report/check-report.ts";
export type { LiveEvent } from "./report/events.ts";
export type { PacketLine, PacketLines } from "./report/packet-line.ts";
export type * from "./report/report.ts";
export type { ReportView } from "./report/report-view.ts";
export type { Rows } from "./report/rows.ts";
export type { Thresholds } from "./rules/thresholds.ts";
export { UsageError } from "./settings/usage-error.ts";

/** What is read: files, directories of captures or named pipes by their paths, several as one by time; or one stream. */
export type Captures = string | readonly string[] | Readable;

/** What may be chosen; the same as the command line's options. */
export interface AnalyzeOptions extends AnalysisSettings {
  /** Threads that work on large captures at once; 1 unless told. The report is the same. */
  readonly jobs?: number;
  /** Told whenever bytes were read; `totalBytes` is null when the end is not known, as for a stream. */
  readonly onProgress?: (readBytes: number, totalBytes: number | null) => void;
}

/** A finished analysis. */
export interface CaptureAnalysis {
  /** The report with its long lists as views that make each row when it is asked for. Valid until `close`. */
  readonly view: ReportView;
  /** Quotes packets of the report. */
  readonly packetLines: PacketLines;
  /** False when a capture ended in a fault: the report covers all before it. */
  readonly isComplete: boolean;
  /** The whole report as plain data, which stays valid. */
  report(): Report;
  /** Lets go of the captures' files. */
  close(): void;
}

/**
 * Analyses captures. Throws an `InputError` for what cannot be read, and a `UsageError` for an option that cannot be meant; both have a
 * `code`, and a `hint` where something helps.
 */
export async function analyze(captures: Captures, options: AnalyzeOptions = {}): Promise<CaptureAnalysis> {
  const { onProgress = () => {}, jobs = 1, ...settings } = options;
  const analysis = await analyzeSources(opening(captures, jobs), checkedSettings(settings), progressTo(onProgress));
  const view = analysis.finish();
  return {
    view,
    packetLines: analysis.packetLines(),
    isComplete: !analysis.isFaulty,
    report: () => materialize(view),
    close: () => analysis.close(),
  };
}

function opening(captures: Captures, jobs: number): OpenSources {
  if (isNames(captures)) return (options, addresses) => openCapture(captures, options, scanningBy(jobs, addresses));
  if (typeof captures === "string") return opening([captures], jobs);
  return async (options) => {
    const facts = new SourceFacts("-");
    return { facts: [facts], records: await openStream(captures, 0, options, facts) };
  };
}

function isNames(captures: Captures): captures is readonly string[] {
  return Array.isArray(captures);
}

function progressTo(onProgress: (readBytes: number, totalBytes: number | null) => void): OnRead {
  return (sources) => {
    const { readBytes, totalBytes } = bytesRead(sources);
    onProgress(readBytes, totalBytes);
  };
}
