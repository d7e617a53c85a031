import type { OutputInput, TextSink, WriteOutput } from "../../src/output/form.ts";
import { NO_PACKET_LINES } from "../../src/report/packet-line.ts";
import type { ReportView } from "../../src/report/report-view.ts";

/** Gathers what an output writes, piece by piece. */
export function gatheringSink(): TextSink & { pieces: string[] } {
  const pieces: string[] = [];
  return { pieces, write: async (text) => void pieces.push(text) };
}

/** The whole text of an output for a report. */
export async function outputOf(
  write: WriteOutput,
  report: ReportView,
  over: Partial<OutputInput> = {},
): Promise<string> {
  const sink = gatheringSink();
  await write({ report, packets: NO_PACKET_LINES, colour: false, ...over }, sink);
  return sink.pieces.join("");
}
