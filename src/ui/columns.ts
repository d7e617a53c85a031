/** Columns of the tables, as data: what each shows of a row, how wide it is, and from which width of the screen on it is there. */
import type { DhcpExchange, DnsTransaction, Flow, HttpExchange, ProbeSeries, ServiceName } from "../report/report.ts";
import { clock, count, endpoint, shortClock, size, span, UNKNOWN } from "../report/values.ts";
import type { TableName, TableRows } from "../report/view-source.ts";
import {
  answerText,
  type CellContext,
  dhcpRole,
  directionCell,
  dnsResult,
  flagsCell,
  flowState,
  healthCell,
  httpStatus,
  nicCell,
  platformPort,
} from "./cells.ts";
import { type Line, type Piece, piece } from "./parts/line.ts";
import { probeStrip } from "./parts/probe-strip.ts";
import type { Page } from "./state.ts";

export interface Column<Row> {
  /** As the source sorts by it; null when it cannot. */
  readonly id: string | null;
  readonly title: string;
  /** Terminal columns; a flexible one takes a share of what is left over. */
  readonly columns: number;
  readonly flexible?: true;
  readonly align?: "right";
  /** Shown on a screen of this width and wider. */
  readonly from?: number;
  cell(row: Row, context: CellContext, columns: number): Piece | Line;
}

export interface Table<Row> {
  readonly columns: readonly Column<Row>[];
  /** What Enter opens. */
  page(row: Row): Page;
  /** Out of the ordinary: `n` goes to it. */
  isNotable(row: Row): boolean;
  readonly empty: string;
}

/** What services are called where room is dear. */
const SHORT_SERVICES: Readonly<Record<ServiceName, string>> = {
  wireserver: "wireserver",
  "hostga-plugin": "hostga",
  dns: "dns",
  dhcp: "dhcp",
  "health-probe": "probe",
  heartbeat: "heartbeat",
  icmp: "icmp",
  other: "other",
};

const WIDE = 110;
const WIDER = 132;

const FLOWS: Table<Flow> = {
  columns: [
    column("time", "Started", 8, { cell: ({ startedAt }) => piece(clock(startedAt).slice(0, 8), "faint") }),
    column(null, "", 1, { cell: directionCell }),
    column("service", "Service", 10, { cell: ({ service }) => piece(SHORT_SERVICES[service]) }),
    column("nic", "NIC", 5, { cell: nicCell }),
    column("vm", "VM", 14, {
      flexible: true,
      cell: ({ vm }) => piece(endpoint(vm.address, vm.port)),
    }),
    column("platform", "Platform", 9, { cell: (flow) => piece(platformPort(flow)) }),
    column(null, "Platform address", 16, { from: WIDER, cell: ({ platform }) => piece(platform.address, "faint") }),
    column("state", "State", 11, { cell: flowState }),
    column("rtt", "RTT", 8, {
      align: "right",
      cell: ({ tcp }) => piece(span(tcp?.roundTripMs?.median ?? tcp?.handshakeMs ?? null)),
    }),
    column("packets", "Packets", 7, {
      align: "right",
      from: WIDE,
      cell: ({ packets }) => piece(count(packets.toPlatform + packets.fromPlatform)),
    }),
    column("bytes", "Bytes", 8, {
      align: "right",
      from: WIDE,
      cell: ({ bytes }) => piece(size(bytes.toPlatform + bytes.fromPlatform)),
    }),
    column("duration", "Took", 10, { align: "right", from: WIDER, cell: ({ durationMs }) => piece(span(durationMs)) }),
    column("anomalies", "!", 2, { cell: flagsCell }),
  ],
  page: (flow) => ({ kind: "flow", id: flow.id }),
  isNotable: (flow) => flow.anomalies.length > 0,
  empty: "No flow",
};

const DNS: Table<DnsTransaction> = {
  columns: [
    column("time", "Asked", 12, { cell: ({ askedAt }) => piece(shortClock(askedAt), "faint") }),
    column("type", "Type", 5, { cell: ({ type }) => piece(type) }),
    column("name", "Name", 20, { flexible: true, cell: ({ name }) => piece(name) }),
    column("rcode", "Result", 11, { cell: dnsResult }),
    column("retries", "Again", 5, {
      align: "right",
      cell: ({ retries }) => (retries > 0 ? piece(count(retries), "doubtful") : piece("-", "faint")),
    }),
    column("response", "Took", 8, { align: "right", cell: ({ responseMs }) => piece(span(responseMs)) }),
    column("transport", "By", 3, { from: WIDE, cell: ({ transport }) => piece(transport) }),
    column(null, "Answer", 20, {
      flexible: true,
      from: 96,
      cell: ({ answers }) => piece(answerText(answers), "faint"),
    }),
    column("flow", "Flow", 6, { align: "right", from: WIDE, cell: ({ flow }) => piece(String(flow), "faint") }),
  ],
  page: (question) => ({ kind: "flow", id: question.flow }),
  isNotable: ({ outcome, rcode }) => outcome !== "answered" || rcode !== "NOERROR",
  empty: "No DNS question",
};

const DHCP: Table<DhcpExchange> = {
  columns: [
    column("time", "Started", 12, { cell: ({ messages }) => piece(shortClock(messages[0]?.at ?? null), "faint") }),
    column("client", "Client", 17, { cell: ({ clientMac }) => piece(clientMac) }),
    column("kind", "Kind", 7, { cell: ({ kind }) => piece(kind) }),
    column("outcome", "Outcome", 12, { cell: ({ outcome }) => piece(outcome, dhcpRole(outcome)) }),
    column("address", "Address", 15, { cell: ({ offeredAddress }) => piece(offeredAddress ?? UNKNOWN) }),
    column("server", "Server", 15, { from: 100, cell: ({ serverIdentifier }) => piece(serverIdentifier ?? UNKNOWN) }),
    column(null, "Option 245", 15, { from: WIDE, cell: ({ platformAddress }) => piece(platformAddress ?? UNKNOWN) }),
    column(null, "Messages", 20, {
      flexible: true,
      from: WIDER,
      cell: ({ messages }) => piece(messages.map(({ type }) => type).join(" "), "faint"),
    }),
    column("duration", "Took", 9, { align: "right", cell: ({ durationMs }) => piece(span(durationMs)) }),
  ],
  page: (exchange) => ({ kind: "dhcp", exchange }),
  isNotable: ({ outcome }) => dhcpRole(outcome) === "bad",
  empty: "No DHCP exchange",
};

const HTTP: Table<HttpExchange> = {
  columns: [
    column("time", "Asked", 12, { cell: ({ requestedAt }) => piece(shortClock(requestedAt), "faint") }),
    column("operation", "Operation", 18, { cell: ({ operation }) => piece(operation ?? UNKNOWN) }),
    column("target", "Request", 20, {
      flexible: true,
      cell: ({ method, target }) => piece(`${method ?? UNKNOWN} ${target ?? UNKNOWN}`, "faint"),
    }),
    column("status", "Status", 7, { cell: httpStatus }),
    column("response", "Took", 8, { align: "right", cell: ({ responseMs }) => piece(span(responseMs)) }),
    column("bytes", "Answer", 8, { align: "right", cell: ({ responseBytes }) => piece(size(responseBytes)) }),
    column(null, "Goal", 5, { align: "right", from: WIDE, cell: ({ incarnation }) => piece(incarnation ?? UNKNOWN) }),
    column(null, "Health", 10, { from: WIDE, cell: healthCell }),
    column("flow", "Flow", 6, { align: "right", from: WIDE, cell: ({ flow }) => piece(String(flow), "faint") }),
  ],
  page: (exchange) => ({ kind: "flow", id: exchange.flow }),
  isNotable: ({ status, health }) => status === null || status >= 400 || health?.state === "NotReady",
  empty: "No HTTP request",
};

const PROBES: Table<ProbeSeries> = {
  columns: [
    column("vm", "Endpoint", 20, { cell: ({ vm }) => piece(endpoint(vm.address, vm.port)) }),
    column("kind", "Kind", 5, { cell: ({ kind }) => piece(kind) }),
    column("path", "Path", 14, { from: 100, cell: ({ path }) => piece(path ?? UNKNOWN, "faint") }),
    column(null, "Up and down", 12, {
      flexible: true,
      cell: (series, context, columns) =>
        probeStrip(series, context.data.overview?.report.capture ?? null, columns, context.theme.symbols),
    }),
    column("succeeded", "Good", 6, { align: "right", cell: ({ succeeded }) => piece(count(succeeded)) }),
    column("failed", "Bad", 5, {
      align: "right",
      cell: ({ failed }) => piece(count(failed), failed > 0 ? "bad" : "plain"),
    }),
    column("interval", "Every", 8, { align: "right", cell: ({ intervalMs }) => piece(span(intervalMs)) }),
    column("outcome", "Last", 10, {
      cell: ({ lastOutcome }) => piece(lastOutcome, lastOutcome === "succeeded" ? "good" : "bad"),
    }),
  ],
  page: (series) => ({ kind: "probe", series }),
  isNotable: ({ failed }) => failed > 0,
  empty: "No health probe",
};

export const TABLES: { readonly [Name in TableName]: Table<TableRows[Name]> } = {
  flows: FLOWS,
  dns: DNS,
  dhcp: DHCP,
  http: HTTP,
  probes: PROBES,
};

/** Ids that `s` goes through. */
export function sortColumns(table: TableName): string[] {
  return TABLES[table].columns.flatMap(({ id }) => (id === null ? [] : [id]));
}

function column<Row>(
  id: string | null,
  title: string,
  columns: number,
  rest: Omit<Column<Row>, "id" | "title" | "columns">,
): Column<Row> {
  return { id, title, columns, ...rest };
}
