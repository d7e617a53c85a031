/** Where a report goes: standard output, or a file that is there whole or not at all. */
import type { TextSink, WriteOutput } from "../output/form.ts";
import type { PacketLines } from "../report/packet-line.ts";
import type { ReportView } from "../report/report-view.ts";
import { type Io, wantsColour } from "./io.ts";
import { writeOutputFile } from "./output-file.ts";
import { streamSink } from "./stream-sink.ts";

/** Writes the report in the form of `write`; `path` is null for standard output. */
export async function writeReport(
  report: ReportView,
  packets: PacketLines,
  write: WriteOutput,
  path: string | null,
  io: Io,
): Promise<void> {
  if (path === null) {
    await write({ report, packets, colour: wantsColour(io.stdout, io.env) }, streamSink(io.stdout));
    return;
  }
  await writeOutputFile(path, (sink: TextSink) => write({ report, packets, colour: false }, sink));
}
