/**
 * Connections that carry nothing, as tests by hand make them: the VM opens and closes one without a word, or sends a SYN with the TTL of a
 * traceroute. No agent does either: each of its connections carries a request.
 */
import { FlowField, FlowKind, type FlowTable, Initiator } from "../flow/flow-table.ts";
import { firstFin, tcpEnding, tcpOutcome } from "../flow/handshake.ts";
import { SideField, TcpField, type TcpTable } from "../flow/tcp-table.ts";
import { MAX_MANUAL_ATTEMPTS, MAX_MANUAL_TEST_FLOWS, MAX_MANUAL_TESTS } from "../limits.ts";
import { DNS_PORT, HOSTGA_PLUGIN_PORT, WIRESERVER_PORT } from "./platform.ts";

/** Ports whose silent connections mean a test. Others are not served, and a rule says so. */
const SERVED_PORTS: readonly number[] = [WIRESERVER_PORT, HOSTGA_PLUGIN_PORT, DNS_PORT];

/** Systems begin with 64, 128 or 255 (see the TTL rule's thresholds); traceroute counts up from 1, to 30 unless told otherwise. */
const MAX_TRACEROUTE_TTL = 30;

/** Held open longer than this, in nanoseconds, somebody looks at a prompt. */
const HELD_OPEN_NS = 2e9;
/** Connections that begin within this time of the one before, in nanoseconds, are one test. */
const SAME_TEST_NS = 5e9;
/** psping makes a warm-up and four more, a second apart: at least so many, and a median distance within these, in nanoseconds. */
const MINIMUM_PINGS = 4;
const PING_INTERVAL_NS = { least: 0.7e9, most: 1.5e9 };

/** Connections of one test, in order. */
export interface SilentConnections {
  kind: "port-test" | "held-open" | "tcp-ping" | "tcp-traceroute";
  /** Rows of the flow table, a bounded number of the first ones. */
  flows: number[];
  tries: number;
  answered: number;
  startedNs: number;
  /** The median handshake; null for a traceroute. */
  handshakeNs: number | null;
  /** Smallest TTL of a SYN that was answered; null when it is no traceroute, or nothing answered. */
  hops: number | null;
}

/** Gathers them while it goes on. */
interface Gathering {
  kind: "port-test" | "held-open" | "tcp-traceroute";
  rows: number[];
  lastNs: number;
}

/** The tests among the rows, which come in order of their first packets. */
export function silentConnections(flows: FlowTable, tcp: TcpTable, rows: Iterable<number>): SilentConnections[] {
  const open = new Map<string, Gathering>();
  const all: Gathering[] = [];
  let attempts = 0;
  for (const row of rows) {
    const kind = kindOf(flows, tcp, row);
    if (kind === null) continue;
    attempts += 1;
    if (attempts > MAX_MANUAL_ATTEMPTS) break;
    const startedNs = flows.double(row, FlowField.startedNs);
    const key = `${kind} ${flows.vmAddressText(row)} ${flows.platformAddressText(row)} ${flows.int(row, FlowField.platformPort)}`;
    const known = open.get(key);
    if (known !== undefined && kind !== "held-open" && startedNs - known.lastNs <= SAME_TEST_NS) {
      known.rows.push(row);
      known.lastNs = startedNs;
      continue;
    }
    if (all.length >= MAX_MANUAL_TESTS) continue;
    const gathering: Gathering = { kind, rows: [row], lastNs: startedNs };
    open.set(key, gathering);
    all.push(gathering);
  }
  return all.map((one) => summarize(flows, tcp, one));
}

/** Null for a connection that is no test. Reads columns alone: it is asked for every flow. */
function kindOf(flows: FlowTable, tcp: TcpTable, row: number): Gathering["kind"] | null {
  if (flows.int(row, FlowField.kind) !== FlowKind.tcp) return null;
  if (flows.int(row, FlowField.initiator) !== Initiator.vm) return null;
  if (flows.double(row, FlowField.payloadTo) > 0 || flows.double(row, FlowField.payloadFrom) > 0) return null;
  if (!SERVED_PORTS.includes(flows.int(row, FlowField.platformPort))) return null;
  const connection = flows.int(row, FlowField.tcp);
  if (connection < 0) return null;
  const seen = tcp.int(connection, TcpField.seen);
  const outcome = tcpOutcome(seen);
  const timeToLive = flows.int(row, FlowField.timeToLiveOpening);
  if (outcome !== "mid-stream" && timeToLive >= 1 && timeToLive <= MAX_TRACEROUTE_TTL) return "tcp-traceroute";
  const isClosedByVm = firstFin(seen) === "vm" || tcpEnding(seen, false) === "reset-by-vm";
  if (outcome !== "established" || !isClosedByVm || hasHoles(tcp, connection)) return null;
  const heldNs = flows.double(row, FlowField.endedNs) - flows.double(row, FlowField.startedNs);
  return heldNs > HELD_OPEN_NS ? "held-open" : "port-test";
}

/** The capture missed bytes, so that it cannot be said that there were none. */
function hasHoles(tcp: TcpTable, connection: number): boolean {
  return [true, false].some((toPlatform) => tcp.sideDouble(connection, toPlatform, SideField.lostBytes) > 0);
}

function summarize(flows: FlowTable, tcp: TcpTable, { kind, rows }: Gathering): SilentConnections {
  const connectionOf = (row: number): number => flows.int(row, FlowField.tcp);
  const answered = rows.filter((row) => flows.int(row, FlowField.packetsFrom) > 0);
  const isTraceroute = kind === "tcp-traceroute";
  const handshakes = rows.map((row) => tcp.double(connectionOf(row), TcpField.handshakeNs)).filter((ns) => ns >= 0);
  const timeToLives = answered.map((row) => flows.int(row, FlowField.timeToLiveOpening));
  return {
    kind: kind === "port-test" && isPing(flows, rows) ? "tcp-ping" : kind,
    flows: rows.slice(0, MAX_MANUAL_TEST_FLOWS),
    tries: rows.length,
    answered: answered.length,
    startedNs: flows.double(rows[0] ?? 0, FlowField.startedNs),
    handshakeNs: isTraceroute ? null : median(handshakes),
    hops: isTraceroute && timeToLives.length > 0 ? Math.min(...timeToLives) : null,
  };
}

function isPing(flows: FlowTable, rows: readonly number[]): boolean {
  if (rows.length < MINIMUM_PINGS) return false;
  const starts = rows.map((row) => flows.double(row, FlowField.startedNs));
  const distanceNs = median(starts.slice(1).map((ns, index) => ns - (starts[index] ?? 0))) ?? 0;
  return distanceNs >= PING_INTERVAL_NS.least && distanceNs <= PING_INTERVAL_NS.most;
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
}
