/**
 * The report as lines of JSON, one flow, transaction or anomaly a line: the events that `live` would have told, so that one program takes
 * both. They come list by list, each in the report's order; `at` is the record's own time. Nothing is told of a capture without a time.
 */
import type { LiveEvent, LiveEventBody } from "../report/events.ts";
import type { ReportView } from "../report/report-view.ts";
import { ChunkWriter } from "./chunk-writer.ts";
import { eventLine } from "./events.ts";
import type { OutputInput, TextSink } from "./form.ts";

/** Writes problems of the capture, anomalies, flows, transactions, what probed endpoints did, and the counts, in this order. */
export async function writeNdjson({ report }: OutputInput, sink: TextSink): Promise<void> {
  const out = new ChunkWriter(sink);
  for (const event of eventsOf(report)) {
    out.text(eventLine(event));
    if (out.full) await out.flush();
  }
  await out.flush();
}

function* eventsOf(report: ReportView): Iterable<LiveEvent> {
  const { startedAt, endedAt } = report.capture;
  if (startedAt === null || endedAt === null) return;
  for (const { code, message } of report.capture.problems) yield told(startedAt, { event: "warning", code, message });
  for (const anomaly of report.anomalies) yield told(anomaly.firstAt, { event: "anomaly-raised", anomaly });
  for (const flow of report.flows) yield told(flow.endedAt, { event: "flow-closed", flow });
  for (const transaction of report.dns.transactions) yield told(transaction.askedAt, { event: "dns", transaction });
  for (const exchange of report.dhcp.exchanges) {
    yield told(exchange.messages[0]?.at ?? startedAt, { event: "dhcp", exchange });
  }
  for (const exchange of report.http.exchanges) {
    yield told(exchange.requestedAt ?? startedAt, { event: "http", exchange });
  }
  for (const { vm, transitions } of report.probes) {
    for (const { at, to } of transitions) yield told(at, { event: "probe-transition", vm, to });
  }
  yield told(endedAt, { event: "counters", ...countersOf(report) });
}

function told(at: string, body: LiveEventBody): LiveEvent {
  return { schemaVersion: 1, at, ...body };
}

function countersOf({ capture, flows, anomalies }: ReportView): {
  packets: number;
  platformPackets: number;
  droppedPackets: number | null;
  flows: number;
  anomalies: number;
} {
  const dropped = capture.sources.flatMap((source) => source.interfaces.map((one) => one.droppedPackets));
  return {
    packets: capture.packets,
    platformPackets: capture.platformPackets,
    droppedPackets: dropped.some((count) => count === null)
      ? null
      : dropped.reduce((sum: number, count) => sum + (count ?? 0), 0),
    flows: flows.length,
    anomalies: anomalies.length,
  };
}
