/** Analyses captures within the test's own process. */
import { Readable } from "node:stream";
import { type AnalysisOptions, analyze, type OpenSources } from "../../src/analyzer.ts";
import { openCapture } from "../../src/capture/merge.ts";
import { openStream } from "../../src/capture/open.ts";
import type { StartThread } from "../../src/capture/scan/scan-pool.ts";
import { SourceFacts } from "../../src/capture/source-facts.ts";
import type { WriteOutput } from "../../src/output/form.ts";
import { writeJson } from "../../src/output/json.ts";
import { writeText } from "../../src/output/text.ts";
import type { Report } from "../../src/report/report.ts";
import { materialize } from "../../src/report/report-view.ts";
import { RULES } from "../../src/rules/all.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { outputOf } from "./text-sink.ts";

export const DEFAULT_OPTIONS: AnalysisOptions = {
  platformAddresses: [],
  primaryNic: null,
  rules: RULES,
  thresholds: DEFAULT_THRESHOLDS,
};

/** A report in all its forms. */
export interface Analysed {
  report: Report;
  json: string;
  text: string;
}

/** Analyses files as one capture. */
export async function analyzeFiles(
  paths: readonly string[],
  options: Partial<AnalysisOptions> = {},
): Promise<Analysed> {
  return analysed((openOptions) => openCapture(paths, openOptions), options);
}

/** The same with scanning threads, however small the files are. */
export async function analyzeScanned(paths: readonly string[], threads: number, start: StartThread): Promise<Analysed> {
  return analysed(
    (openOptions, addresses) => openCapture(paths, openOptions, { threads, addresses, fromBytes: 0, start }),
    {},
  );
}

/** Analyses the bytes of a capture as they would come through a pipe, in pieces of `pieceBytes`. */
export async function analyzeBytes(
  bytes: Uint8Array,
  pieceBytes: number = bytes.length,
  name = "-",
  options: Partial<AnalysisOptions> = {},
): Promise<Analysed> {
  const pieces = function* (): Iterable<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield Uint8Array.from(bytes.subarray(at, at + pieceBytes));
  };
  return analysed(async (openOptions) => {
    const facts = new SourceFacts(name);
    const stream = Readable.from(pieces(), { objectMode: false, highWaterMark: 1 << 16 });
    return { facts: [facts], records: await openStream(stream, 0, openOptions, facts) };
  }, options);
}

/** One output form's text for files that are analysed as one capture. */
export async function outputOfFiles(paths: readonly string[], write: WriteOutput): Promise<string> {
  const analysis = await analyze((openOptions) => openCapture(paths, openOptions), DEFAULT_OPTIONS);
  try {
    return await outputOf(write, analysis.finish(), { packets: analysis.packetLines() });
  } finally {
    analysis.close();
  }
}

async function analysed(open: OpenSources, options: Partial<AnalysisOptions>): Promise<Analysed> {
  const analysis = await analyze(open, { ...DEFAULT_OPTIONS, ...options });
  try {
    const view = analysis.finish();
    const packets = analysis.packetLines();
    return {
      report: materialize(view),
      json: await outputOf(writeJson, view),
      text: await outputOf(writeText, view, { packets }),
    };
  } finally {
    analysis.close();
  }
}
