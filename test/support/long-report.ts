/** A report as long as an HTML page may show, made row by row. */
import type { DnsTransaction, Flow, HttpExchange } from "../../src/report/report.ts";
import type { ReportView } from "../../src/report/report-view.ts";
import { lazyRows } from "../../src/report/rows.ts";
import { reportOf } from "./report.ts";

const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/** So many flows, and as many exchanges and lookups; every hundredth connection is refused. */
export function longReport(rows: number): ReportView {
  const report = reportOf();
  const [connection, lookup] = report.flows;
  const [question] = report.dns.transactions;
  const [exchange] = report.http.exchanges;
  if (connection?.tcp == null || lookup === undefined || question === undefined || exchange === undefined) {
    throw new Error("the report has a row of each kind");
  }
  const { tcp } = connection;
  const capture = { ...report.capture, startedAt: instant(0), endedAt: instant(rows), durationMs: rows * 20 };
  const flowOf = (id: number): Flow => {
    const times = { startedAt: instant(id), endedAt: instant(id + 1), durationMs: (id * 7919) % 997 };
    const port = 1024 + ((id * 31) % 60_000);
    if (id % 2 === 1) return { ...lookup, id, ...times, vm: { ...lookup.vm, port } };
    const refused = id % 100 === 0;
    return {
      ...connection,
      id,
      ...times,
      vm: { ...connection.vm, port },
      packets: { toPlatform: 4 + (id % 7), fromPlatform: 5 },
      bytes: { toPlatform: 400 + (id % 1500), fromPlatform: 2000 + (id % 911) },
      payloadBytes: { toPlatform: 120 + (id % 13), fromPlatform: 2048 },
      tcp: {
        ...tcp,
        outcome: refused ? "refused" : "established",
        ending: refused ? null : "fin",
        handshakeMs: refused ? null : ((id * 37) % 1009) / 100,
      },
      anomalies: refused ? [0] : [],
    };
  };
  const dnsOf = (index: number): DnsTransaction => ({
    ...question,
    flow: index,
    id: (index * 263) % 65_536,
    name: `host-${index % 3000}.internal.example.com`,
    askedAt: instant(index),
    responseMs: ((index * 53) % 2003) / 100,
  });
  const httpOf = (index: number): HttpExchange => ({
    ...exchange,
    flow: index,
    requestedAt: instant(index),
    responseMs: ((index * 71) % 3001) / 100,
    responseBytes: 1000 + (index % 4093),
    packets: [{ source: 0, frame: index * 10 + 4 }],
  });
  return {
    ...report,
    capture,
    flows: lazyRows(rows, flowOf),
    dns: { transactions: lazyRows(rows, dnsOf) },
    http: { exchanges: lazyRows(rows, httpOf) },
  };
}

function instant(row: number): string {
  return `${new Date(START_MS + row * 20).toISOString().slice(0, -1)}456Z`;
}
