/** The tables of a report as columns: what each row is sorted and filtered by. */
import type { DhcpExchange, DnsTransaction, Flow, HttpExchange, ProbeSeries } from "../report/report.ts";
import type { ReportView } from "../report/report-view.ts";
import type { Rows } from "../report/rows.ts";
import type { TableName, TableRows } from "../report/view-source.ts";

/** One column of a table: a number or a text of each row. */
export type ColumnOf<Row> =
  | { readonly id: string; readonly kind: "number"; of(row: Row): number | null }
  | { readonly id: string; readonly kind: "text"; of(row: Row): string | null };

/** How the value of a field is compared with a text: any part of it, the beginning of one of its words, or an address with its port. */
export type FieldMatch = "part" | "word" | "endpoint" | "number";

/** What a table can be asked. */
export interface TableDefinition<Row> {
  readonly columns: readonly ColumnOf<Row>[];
  /** By field of the filter language: the columns that it looks at. */
  readonly fields: Readonly<Record<string, { readonly match: FieldMatch; readonly columns: readonly string[] }>>;
  /** Text columns that a word is looked for in, and numbers that it may be. */
  readonly words: readonly string[];
  readonly numbers: readonly string[];
  /** Endpoints that a word such as "10.0.0.4:50312" may be. */
  readonly endpoints: readonly (readonly [address: string, port: string])[];
  /** By column that the screen sorts by: the columns that decide, the first one first; the id itself when it is not listed. */
  readonly sorts: Readonly<Record<string, readonly string[]>>;
}

const FLOWS: TableDefinition<Flow> = {
  columns: [
    text("service", (flow) => flow.service),
    text("protocol", (flow) => flow.protocol),
    text("initiator", (flow) => flow.initiator),
    text("nic", (flow) => flow.vm.interface),
    text("vm", (flow) => flow.vm.address),
    number("vm-port", (flow) => flow.vm.port),
    text("vm-mac", (flow) => flow.vm.mac),
    text("platform", (flow) => flow.platform.address),
    number("platform-port", (flow) => flow.platform.port),
    text("platform-mac", (flow) => flow.platform.mac),
    text("state", stateOf),
    number("rtt", (flow) => flow.tcp?.roundTripMs?.median ?? null),
    number("packets", (flow) => flow.packets.toPlatform + flow.packets.fromPlatform),
    number("bytes", (flow) => flow.bytes.toPlatform + flow.bytes.fromPlatform),
    number("duration", (flow) => flow.durationMs),
    number("flow", (flow) => flow.id),
  ],
  fields: {
    service: { match: "word", columns: ["service"] },
    protocol: { match: "word", columns: ["protocol"] },
    initiator: { match: "word", columns: ["initiator"] },
    nic: { match: "word", columns: ["nic"] },
    vm: { match: "endpoint", columns: ["vm", "vm-port"] },
    platform: { match: "endpoint", columns: ["platform", "platform-port"] },
    port: { match: "number", columns: ["vm-port", "platform-port"] },
    mac: { match: "part", columns: ["vm-mac", "platform-mac"] },
    state: { match: "word", columns: ["state"] },
    rtt: { match: "number", columns: ["rtt"] },
    packets: { match: "number", columns: ["packets"] },
    bytes: { match: "number", columns: ["bytes"] },
    duration: { match: "number", columns: ["duration"] },
    flow: { match: "number", columns: ["flow"] },
  },
  words: ["service", "protocol", "nic", "vm", "platform", "state", "vm-mac"],
  numbers: ["vm-port", "platform-port"],
  endpoints: [
    ["vm", "vm-port"],
    ["platform", "platform-port"],
  ],
  sorts: { vm: ["vm", "vm-port"], platform: ["platform", "platform-port"] },
};

const DNS: TableDefinition<DnsTransaction> = {
  columns: [
    text("name", (one) => one.name),
    text("type", (one) => one.type),
    text("transport", (one) => one.transport),
    text("outcome", (one) => one.outcome),
    text("rcode", (one) => one.rcode),
    number("response", (one) => one.responseMs),
    number("retries", (one) => one.retries),
    number("flow", (one) => one.flow),
  ],
  fields: {
    name: { match: "part", columns: ["name"] },
    type: { match: "word", columns: ["type"] },
    protocol: { match: "word", columns: ["transport"] },
    outcome: { match: "word", columns: ["outcome"] },
    rcode: { match: "word", columns: ["rcode"] },
    response: { match: "number", columns: ["response"] },
    retries: { match: "number", columns: ["retries"] },
    flow: { match: "number", columns: ["flow"] },
  },
  words: ["name", "type", "outcome", "rcode"],
  numbers: [],
  endpoints: [],
  sorts: {},
};

const DHCP: TableDefinition<DhcpExchange> = {
  columns: [
    text("kind", (one) => one.kind),
    text("outcome", (one) => one.outcome),
    text("client", (one) => one.clientMac),
    text("address", (one) => one.offeredAddress),
    text("server", (one) => one.serverIdentifier),
    number("lease", (one) => one.leaseSeconds),
    text("host", (one) => one.hostName),
    number("duration", (one) => one.durationMs),
    text("transaction", (one) => one.transactionId),
  ],
  fields: {
    kind: { match: "word", columns: ["kind"] },
    outcome: { match: "word", columns: ["outcome"] },
    state: { match: "word", columns: ["outcome"] },
    client: { match: "part", columns: ["client"] },
    mac: { match: "part", columns: ["client"] },
    vm: { match: "word", columns: ["address"] },
    platform: { match: "word", columns: ["server"] },
    host: { match: "part", columns: ["host"] },
    duration: { match: "number", columns: ["duration"] },
  },
  words: ["kind", "outcome", "client", "address", "server", "host", "transaction"],
  numbers: [],
  endpoints: [],
  sorts: {},
};

const HTTP: TableDefinition<HttpExchange> = {
  columns: [
    text("method", (one) => one.method),
    text("target", (one) => one.target),
    text("host", (one) => one.host),
    text("operation", (one) => one.operation),
    number("status", (one) => one.status),
    number("response", (one) => one.responseMs),
    number("bytes", (one) => sumOf(one.requestBytes, one.responseBytes)),
    number("flow", (one) => one.flow),
  ],
  fields: {
    method: { match: "word", columns: ["method"] },
    target: { match: "part", columns: ["target"] },
    host: { match: "part", columns: ["host"] },
    operation: { match: "word", columns: ["operation"] },
    status: { match: "number", columns: ["status"] },
    response: { match: "number", columns: ["response"] },
    bytes: { match: "number", columns: ["bytes"] },
    flow: { match: "number", columns: ["flow"] },
  },
  words: ["method", "target", "host", "operation"],
  numbers: ["status"],
  endpoints: [],
  sorts: {},
};

const PROBES: TableDefinition<ProbeSeries> = {
  columns: [
    text("vm", (one) => one.vm.address),
    number("vm-port", (one) => one.vm.port),
    text("kind", (one) => one.kind),
    text("path", (one) => one.path),
    number("probes", (one) => one.probes),
    number("succeeded", (one) => one.succeeded),
    number("failed", (one) => one.failed),
    number("interval", (one) => one.intervalMs),
    text("outcome", (one) => one.lastOutcome),
  ],
  fields: {
    vm: { match: "endpoint", columns: ["vm", "vm-port"] },
    port: { match: "number", columns: ["vm-port"] },
    kind: { match: "word", columns: ["kind"] },
    target: { match: "part", columns: ["path"] },
    outcome: { match: "word", columns: ["outcome"] },
    state: { match: "word", columns: ["outcome"] },
  },
  words: ["vm", "kind", "path", "outcome"],
  numbers: ["vm-port"],
  endpoints: [["vm", "vm-port"]],
  sorts: { vm: ["vm", "vm-port"] },
};

export const TABLES: { readonly [Table in TableName]: TableDefinition<TableRows[Table]> } = {
  flows: FLOWS,
  dns: DNS,
  dhcp: DHCP,
  http: HTTP,
  probes: PROBES,
};

/** Tables whose rows name a flow in a column `flow`: what is known of the flow applies to them, and the reverse. */
export const TABLES_OF_FLOWS: readonly ["dns", "http"] = ["dns", "http"];

/** The rows of a table. */
export function rowsOf<Table extends TableName>(view: ReportView, table: Table): Rows<TableRows[Table]> {
  const lists: { readonly [Name in TableName]: Rows<TableRows[Name]> } = {
    flows: view.flows,
    dns: view.dns.transactions,
    dhcp: view.dhcp.exchanges,
    http: view.http.exchanges,
    probes: view.probes,
  };
  return lists[table];
}

/** How a flow stands, in words that a filter finds: "established fin", "unanswered", "answered". */
function stateOf({ tcp, packets }: Flow): string {
  if (tcp === null) return packets.toPlatform > 0 && packets.fromPlatform > 0 ? "answered" : "unanswered";
  return tcp.ending === null ? tcp.outcome : `${tcp.outcome} ${tcp.ending}`;
}

function sumOf(one: number | null, other: number | null): number | null {
  return one === null && other === null ? null : (one ?? 0) + (other ?? 0);
}

function text<Row>(id: string, of: (row: Row) => string | null): ColumnOf<Row> {
  return { id, kind: "text", of };
}

function number<Row>(id: string, of: (row: Row) => number | null): ColumnOf<Row> {
  return { id, kind: "number", of };
}
