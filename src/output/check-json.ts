/** The check as JSON: one document, with a test on each line. */
import type { CheckReport } from "../report/check-report.ts";
import { NO_PACKET_LINES } from "../report/packet-line.ts";
import type { TextSink } from "./form.ts";
import { writeJson } from "./json.ts";

/** Writes it by its contract, keys in the order of the contract. */
export async function writeCheckJson({ tests, report, ...rest }: CheckReport, sink: TextSink): Promise<void> {
  const { capture, captureMissing, ...head } = rest;
  const field = ([name, value]: readonly [string, unknown]): string =>
    `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  const rows = tests.map((test) => JSON.stringify(test)).join(",\n");
  await sink.write(`{\n${Object.entries(head).map(field).join(",\n")},\n"tests":[\n${rows}\n],\n`);
  await sink.write(`${Object.entries({ capture, captureMissing }).map(field).join(",\n")},\n"report":`);
  if (report === null) await sink.write("null\n");
  else await writeJson({ report, packets: NO_PACKET_LINES, colour: false }, sink);
  await sink.write("}\n");
}
