/** The columns of each CSV table. A title is the path of the report's field, with "_" between: every field of a row has its column. */
import type {
  Anomaly,
  Counters,
  DhcpExchange,
  DnsTransaction,
  Flow,
  HttpExchange,
  ProbeSeries,
  ServiceSummary,
} from "../../report/report.ts";
import { type CsvValue, listed, packetsListed } from "./cells.ts";

/** The cells of a row, in order, each with its column's title. */
export type Columns<Row> = readonly (readonly [title: string, cell: (row: Row) => CsvValue])[];

export const SERVICE_COLUMNS: Columns<ServiceSummary> = [
  ["service", (one) => one.service],
  ["verdict", (one) => one.verdict],
  ["summary", (one) => one.summary],
  ["flows", (one) => one.flows],
  ["succeeded", (one) => one.succeeded],
  ["failed", (one) => one.failed],
  ["responseMs_median", (one) => one.responseMs?.median ?? null],
  ["responseMs_p95", (one) => one.responseMs?.p95 ?? null],
  ["responseMs_max", (one) => one.responseMs?.max ?? null],
  ["anomalies", (one) => listed(one.anomalies)],
];

export const ANOMALY_COLUMNS: Columns<Anomaly> = [
  ["rule", (one) => one.rule],
  ["severity", (one) => one.severity],
  ["title", (one) => one.title],
  ["summary", (one) => one.summary],
  ["cause", (one) => one.cause],
  ["remedy", (one) => one.remedy],
  ["count", (one) => one.count],
  ["firstAt", (one) => one.firstAt],
  ["lastAt", (one) => one.lastAt],
  ["flows", (one) => listed(one.flows)],
  ["packets", (one) => packetsListed(one.packets)],
  ["displayFilter", (one) => one.displayFilter],
];

export const FLOW_COLUMNS: Columns<Flow> = [
  ["id", (one) => one.id],
  ["service", (one) => one.service],
  ["protocol", (one) => one.protocol],
  ["initiator", (one) => one.initiator],
  ["vm_address", (one) => one.vm.address],
  ["vm_port", (one) => one.vm.port],
  ["vm_mac", (one) => one.vm.mac],
  ["vm_interface", (one) => one.vm.interface],
  ["platform_address", (one) => one.platform.address],
  ["platform_port", (one) => one.platform.port],
  ["platform_mac", (one) => one.platform.mac],
  ["vlan", (one) => one.vlan],
  ["startedAt", (one) => one.startedAt],
  ["endedAt", (one) => one.endedAt],
  ["durationMs", (one) => one.durationMs],
  ...bothWays<Flow>("packets", (one) => one.packets),
  ...bothWays<Flow>("bytes", (one) => one.bytes),
  ...bothWays<Flow>("payloadBytes", (one) => one.payloadBytes),
  ["duplicatePackets", (one) => one.duplicatePackets],
  ["tcp_outcome", (one) => one.tcp?.outcome ?? null],
  ["tcp_ending", (one) => one.tcp?.ending ?? null],
  ["tcp_connState", (one) => one.tcp?.connState ?? null],
  ["tcp_handshakeMs", (one) => one.tcp?.handshakeMs ?? null],
  ["tcp_synRetransmissions", (one) => one.tcp?.synRetransmissions ?? null],
  ...bothWays<Flow>("tcp_retransmissions", (one) => one.tcp?.retransmissions),
  ...bothWays<Flow>("tcp_outOfOrder", (one) => one.tcp?.outOfOrder),
  ...bothWays<Flow>("tcp_duplicateAcks", (one) => one.tcp?.duplicateAcks),
  ...bothWays<Flow>("tcp_zeroWindows", (one) => one.tcp?.zeroWindows),
  ...bothWays<Flow>("tcp_lostSegments", (one) => one.tcp?.lostSegments),
  ...bothWays<Flow>("tcp_maxSegmentSize", (one) => one.tcp?.maxSegmentSize),
  ...bothWays<Flow>("tcp_windowScale", (one) => one.tcp?.windowScale),
  ["tcp_roundTripMs_min", (one) => one.tcp?.roundTripMs?.min ?? null],
  ["tcp_roundTripMs_median", (one) => one.tcp?.roundTripMs?.median ?? null],
  ["tcp_roundTripMs_max", (one) => one.tcp?.roundTripMs?.max ?? null],
  ["anomalies", (one) => listed(one.anomalies)],
];

export const DNS_COLUMNS: Columns<DnsTransaction> = [
  ["flow", (one) => one.flow],
  ["id", (one) => one.id],
  ["transport", (one) => one.transport],
  ["name", (one) => one.name],
  ["type", (one) => one.type],
  ["class", (one) => one.class],
  ["askedAt", (one) => one.askedAt],
  ["responseMs", (one) => one.responseMs],
  ["retries", (one) => one.retries],
  ["outcome", (one) => one.outcome],
  ["rcode", (one) => one.rcode],
  ["truncated", (one) => one.truncated],
  ["answers", (one) => JSON.stringify(one.answers)],
  ["packets", (one) => packetsListed(one.packets)],
];

export const DHCP_COLUMNS: Columns<DhcpExchange> = [
  ["transactionId", (one) => one.transactionId],
  ["clientMac", (one) => one.clientMac],
  ["kind", (one) => one.kind],
  ["outcome", (one) => one.outcome],
  ["messages", (one) => JSON.stringify(one.messages)],
  ["offeredAddress", (one) => one.offeredAddress],
  ["serverIdentifier", (one) => one.serverIdentifier],
  ["leaseSeconds", (one) => one.leaseSeconds],
  ["platformAddress", (one) => one.platformAddress],
  ["routers", (one) => listed(one.routers)],
  ["dnsServers", (one) => listed(one.dnsServers)],
  ["hostName", (one) => one.hostName],
  ["durationMs", (one) => one.durationMs],
];

export const HTTP_COLUMNS: Columns<HttpExchange> = [
  ["flow", (one) => one.flow],
  ["method", (one) => one.method],
  ["target", (one) => one.target],
  ["host", (one) => one.host],
  ["userAgent", (one) => one.userAgent],
  ["operation", (one) => one.operation],
  ["requestedAt", (one) => one.requestedAt],
  ["status", (one) => one.status],
  ["responseMs", (one) => one.responseMs],
  ["requestBytes", (one) => one.requestBytes],
  ["responseBytes", (one) => one.responseBytes],
  ["health_state", (one) => one.health?.state ?? null],
  ["health_substatus", (one) => one.health?.substatus ?? null],
  ["health_description", (one) => one.health?.description ?? null],
  ["incarnation", (one) => one.incarnation],
  ["packets", (one) => packetsListed(one.packets)],
];

export const PROBE_COLUMNS: Columns<ProbeSeries> = [
  ["vm_address", (one) => one.vm.address],
  ["vm_port", (one) => one.vm.port],
  ["kind", (one) => one.kind],
  ["path", (one) => one.path],
  ["probes", (one) => one.probes],
  ["succeeded", (one) => one.succeeded],
  ["failed", (one) => one.failed],
  ["intervalMs", (one) => one.intervalMs],
  ["lastOutcome", (one) => one.lastOutcome],
  ["transitions", (one) => JSON.stringify(one.transitions)],
  ["flows", (one) => listed(one.flows)],
];

/** The two columns of a number for each direction. */
function bothWays<Row>(title: string, counters: (row: Row) => Counters | null | undefined): Columns<Row> {
  return [
    [`${title}_toPlatform`, (row) => counters(row)?.toPlatform ?? null],
    [`${title}_fromPlatform`, (row) => counters(row)?.fromPlatform ?? null],
  ];
}
