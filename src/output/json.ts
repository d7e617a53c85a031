/**
 * The JSON report: one document with a row of a list on each line, so that it can be read by eye and by `grep` too. It is written in
 * pieces of bounded size, whatever the report's.
 */
import type { Rows } from "../report/rows.ts";
import { ChunkWriter } from "./chunk-writer.ts";
import type { OutputInput, TextSink } from "./form.ts";

/** Writes the report by its contract, keys in the order of the contract. */
export async function writeJson({ report }: OutputInput, sink: TextSink): Promise<void> {
  const out = new ChunkWriter(sink);
  const { capture, platform } = report;
  out.text(`{\n"schemaVersion":${report.schemaVersion},\n"tool":${JSON.stringify(report.tool)},\n"capture":{\n`);
  await writeList(out, "sources", capture.sources);
  out.text(`,\n"packets":${capture.packets},"platformPackets":${capture.platformPackets},`);
  out.text(`"startedAt":${JSON.stringify(capture.startedAt)},"endedAt":${JSON.stringify(capture.endedAt)},`);
  out.text(`"durationMs":${JSON.stringify(capture.durationMs)},\n`);
  await writeList(out, "problems", capture.problems);
  out.text(`\n},\n"platform":{\n`);
  await writeList(out, "addresses", platform.addresses);
  out.text(`,\n"primaryNic":${JSON.stringify(platform.primaryNic)},\n`);
  await writeList(out, "nics", platform.nics);
  out.text(`\n},\n`);
  await writeList(out, "services", report.services);
  out.text(",\n");
  await writeList(out, "flows", report.flows);
  out.text(`,\n"dns":{`);
  await writeList(out, "transactions", report.dns.transactions);
  out.text(`},\n"dhcp":{`);
  await writeList(out, "exchanges", report.dhcp.exchanges);
  out.text(`},\n"http":{`);
  await writeList(out, "exchanges", report.http.exchanges);
  out.text("},\n");
  await writeList(out, "probes", report.probes);
  out.text(",\n");
  await writeList(out, "manualTests", report.manualTests);
  out.text(",\n");
  await writeList(out, "anomalies", report.anomalies);
  out.text(
    `,\n"limits":${JSON.stringify(report.limits)},\n"ruleSelection":${JSON.stringify(report.ruleSelection)}\n}\n`,
  );
  await out.flush();
}

async function writeList<Row>(out: ChunkWriter, name: string, rows: Rows<Row>): Promise<void> {
  out.text(`${JSON.stringify(name)}:[`);
  let separator = "\n";
  for (const row of rows) {
    out.text(separator);
    out.text(JSON.stringify(row));
    separator = ",\n";
    if (out.full) await out.flush();
  }
  out.text(separator === "\n" ? "]" : "\n]");
}
