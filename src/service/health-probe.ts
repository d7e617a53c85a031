/**
 * The load balancer's health probes: one series for each probed endpoint. A connection is a probe; of one that stays open and carries HTTP
 * each request is. What a probe is for the load balancer decides: a TCP probe has succeeded with the handshake, an HTTP probe with 200.
 */

import type { MalformedTally } from "../decode/malformed.ts";
import { TcpFlag } from "../decode/tcp-flags.ts";
import { type TlsOutcome, TlsReader, tlsOutcome } from "../decode/tls.ts";
import { FlowField, FlowFlag } from "../flow/flow-table.ts";
import { tcpOutcome } from "../flow/handshake.ts";
import { PacketMark } from "../flow/packet-mark.ts";
import { TcpField, TcpSeen } from "../flow/tcp-table.ts";
import {
  MAX_FINISHED_PROBES,
  MAX_PROBE_PACKETS,
  MAX_PROBE_TRANSITIONS,
  MAX_PROBED_ENDPOINTS,
  MAX_TLS_PROBES,
} from "../limits.ts";
import type { ProbeOutcome } from "../report/report.ts";
import type { HttpExchanges } from "./http-exchanges.ts";
import type { HttpRows } from "./http-rows.ts";
import type { LetGoCounts } from "./let-go-counts.ts";
import type { ObservedTime } from "./observed-time.ts";
import { medianOf } from "./order-statistics.ts";
import { isUp } from "./probe-outcomes.ts";
import type { HttpRecord, ProbeRecord, ProbeSeriesRecord } from "./records.ts";
import type { TrackedTables } from "./services.ts";

/** Interval where the capture does not show one: the load balancer's default and least, in nanoseconds. */
const DEFAULT_PROBE_INTERVAL_NS = 5e9;
/** HTTP probes wait at most this long, whatever the interval (documentation of the load balancer). */
const MAX_PROBE_WAIT_NS = 30e9;
const HTTP_OK = 200;

/** Both directions of a probe's TLS. */
interface TlsPair {
  readonly client: TlsReader;
  readonly server: TlsReader;
}

/** The probes of one endpoint as they are gathered. */
interface Gathered {
  readonly key: string;
  readonly vmAddress: string;
  readonly vmPort: number;
  readonly platformAddress: string;
  readonly flows: Set<number>;
  /** Probes of flows whose rows were released, which no longer name a flow. */
  readonly finished: ProbeRecord[];
  /** Probes that were let go of before them. */
  readonly letGo: LetGoProbes;
}

interface LetGoProbes {
  succeeded: number;
  failed: number;
  /** How the last of them went; null without any. */
  isUp: boolean | null;
  /** Between them. */
  readonly transitions: Transition[];
}

type Transition = ProbeSeriesRecord["transitions"][number];

export class HealthProbes {
  readonly #tables: TrackedTables;
  readonly #exchanges: HttpExchanges;
  readonly #http: HttpRows;
  readonly #time: ObservedTime;
  /** Connections whose TLS was not looked into, and probes of endpoints that are not told, because there were too many. */
  tlsNotRead = 0;
  probesNotKept = 0;
  readonly #malformed: MalformedTally;
  readonly #letGo: LetGoCounts;
  readonly #gathered: Map<string, Gathered> = new Map();
  /** The endpoint that a flow probes. */
  readonly #endpoints: Map<number, Gathered> = new Map();
  readonly #tls: Map<number, TlsPair> = new Map();

  constructor(
    tables: TrackedTables,
    exchanges: HttpExchanges,
    http: HttpRows,
    time: ObservedTime,
    malformed: MalformedTally,
    letGo: LetGoCounts,
  ) {
    this.#malformed = malformed;
    this.#letGo = letGo;
    this.#tables = tables;
    this.#exchanges = exchanges;
    this.#http = http;
    this.#time = time;
  }

  /** A flow is a probe. */
  opened(flow: number): void {
    const { flows } = this.#tables;
    const vmAddress = flows.vmAddressText(flow);
    const vmPort = flows.int(flow, FlowField.vmPort);
    const platformAddress = flows.platformAddressText(flow);
    const key = `${vmAddress} ${vmPort} ${platformAddress}`;
    let gathered = this.#gathered.get(key);
    if (gathered === undefined) {
      if (this.#gathered.size >= MAX_PROBED_ENDPOINTS) {
        this.probesNotKept++;
        return;
      }
      const letGo = { succeeded: 0, failed: 0, isUp: null, transitions: [] };
      gathered = { key, vmAddress, vmPort, platformAddress, flows: new Set(), finished: [], letGo };
      this.#gathered.set(key, gathered);
    }
    gathered.flows.add(flow);
    this.#endpoints.set(flow, gathered);
  }

  /** A flow turned out to be no probe. */
  disowned(flow: number): void {
    const gathered = this.#leave(flow);
    if (gathered?.flows.size === 0 && gathered.finished.length === 0) this.#gathered.delete(gathered.key);
  }

  /** Bytes of a probe that speaks TLS. */
  tls(flow: number, isClient: boolean, view: DataView, start: number, end: number): void {
    let pair = this.#tls.get(flow);
    if (pair === undefined) {
      if (this.#tls.size >= MAX_TLS_PROBES) {
        this.tlsNotRead++;
        return;
      }
      pair = { client: new TlsReader(), server: new TlsReader() };
      this.#tls.set(flow, pair);
    }
    const reader = isClient ? pair.client : pair.server;
    const failedBefore = reader.failed;
    reader.consume(view, start, end);
    if (reader.failed && !failedBefore && reader.problem !== null)
      this.#malformed.noteProblem(reader.problem, this.#tables.flows.int(flow, FlowField.lastPacket));
  }

  /** Bytes of it that were not captured. */
  tlsGap(flow: number, isClient: boolean, bytes: number): void {
    const pair = this.#tls.get(flow);
    if (pair !== undefined) (isClient ? pair.client : pair.server).skip(bytes);
  }

  /** The flow's row will be used for another: its probes are told without it from now on. */
  released(flow: number): void {
    const gathered = this.#leave(flow);
    if (gathered !== undefined) {
      for (const probe of this.#probesOf(flow, DEFAULT_PROBE_INTERVAL_NS)) this.#finish(gathered, probe);
    }
    this.#tls.delete(flow);
  }

  /** The oldest request of a connection that stays open is about to be forgotten. */
  requestLeaves(flow: number): void {
    const gathered = this.#endpoints.get(flow);
    const [probe] = this.#probesOf(flow, DEFAULT_PROBE_INTERVAL_NS);
    if (gathered !== undefined && probe !== undefined) this.#finish(gathered, probe);
  }

  /** Lets go of finished probes that began before `beforeNs`, but for the latest `least` of each endpoint. */
  letGoBefore(beforeNs: number, least: number): void {
    for (const gathered of this.#gathered.values()) {
      const { finished } = gathered;
      finished.sort((a, b) => a.startedNs - b.startedNs);
      let count = 0;
      while (finished.length - count > least && (finished[count]?.startedNs ?? beforeNs) < beforeNs) count++;
      this.#letGoOf(gathered, count);
    }
  }

  /** Keeps a probe whose flow, or request, leaves its table. */
  #finish(gathered: Gathered, probe: ProbeRecord): void {
    if (probe.outcome === null) return;
    const { finished } = gathered;
    finished.push({ ...probe, flow: -1 });
    if (finished.length > 2 * MAX_FINISHED_PROBES) this.#letGoOf(gathered, finished.length - MAX_FINISHED_PROBES);
  }

  /** Lets go of the first finished probes; they still count. */
  #letGoOf(gathered: Gathered, count: number): void {
    const { finished, letGo } = gathered;
    const gone = finished.splice(0, count);
    const kind = this.#kindOf(gathered);
    for (const transition of transitionsOf(gone, kind, letGo.isUp)) letGo.transitions.push(transition);
    if (letGo.transitions.length > MAX_PROBE_TRANSITIONS)
      letGo.transitions.splice(0, letGo.transitions.length - MAX_PROBE_TRANSITIONS);
    for (const { outcome } of gone) {
      if (outcome === null) continue;
      letGo.isUp = isUp(kind, outcome);
      if (letGo.isUp) letGo.succeeded++;
      else letGo.failed++;
      this.#letGo.probe(letGo.isUp);
    }
  }

  /** Takes a flow out of its endpoint's; the endpoint, where it had one. */
  #leave(flow: number): Gathered | undefined {
    const gathered = this.#endpoints.get(flow);
    gathered?.flows.delete(flow);
    this.#endpoints.delete(flow);
    return gathered;
  }

  /** The series as things stand, in order of their first probe. */
  series(): ProbeSeriesRecord[] {
    const series = [...this.#gathered.values()].map((gathered) => this.#seriesOf(gathered));
    return series.sort((a, b) => (a.probes[0]?.startedNs ?? 0) - (b.probes[0]?.startedNs ?? 0));
  }

  #seriesOf(gathered: Gathered): ProbeSeriesRecord {
    const intervalNs = medianOf(distances(this.#starts(gathered)));
    const open = [...gathered.flows].flatMap((flow) => this.#probesOf(flow, intervalNs ?? DEFAULT_PROBE_INTERVAL_NS));
    const probes = [...gathered.finished, ...open].sort((a, b) => a.startedNs - b.startedNs);
    const ended = probes.filter(({ outcome }) => outcome !== null);
    const kind = this.#kindOf(gathered);
    const succeeded = ended.filter(({ outcome }) => outcome !== null && isUp(kind, outcome)).length;
    const { vmAddress, vmPort, platformAddress, flows, letGo } = gathered;
    return {
      vmAddress,
      vmPort,
      platformAddress,
      kind,
      path: this.#pathOf(gathered),
      intervalMs: intervalNs === null ? null : intervalNs / 1e6,
      probes,
      succeeded: succeeded + letGo.succeeded,
      failed: ended.length - succeeded + letGo.failed,
      lastOutcome: ended.at(-1)?.outcome ?? null,
      transitions: [...letGo.transitions, ...transitionsOf(ended, kind, letGo.isUp)],
      flows: [...flows].sort((a, b) => a - b),
    };
  }

  /** When each probe of the endpoint began, in order. */
  #starts({ flows, finished }: Gathered): number[] {
    const starts = finished.map(({ startedNs }) => startedNs);
    for (const flow of flows) {
      const requests = this.#requests(flow);
      for (const { requestedNs } of requests) if (requestedNs !== null) starts.push(requestedNs);
      if (requests.length === 0 && !this.#hadRequests(flow))
        starts.push(this.#tables.flows.double(flow, FlowField.startedNs));
    }
    return starts.sort((a, b) => a - b);
  }

  #kindOf(gathered: Gathered): ProbeSeriesRecord["kind"] {
    if ([...gathered.flows].some((flow) => this.#tls.has(flow))) return "https";
    return this.#pathOf(gathered) === null ? "tcp" : "http";
  }

  /** Path of the last request. */
  #pathOf({ flows }: Gathered): string | null {
    let path: string | null = null;
    for (const flow of flows) path = this.#requests(flow).at(-1)?.target ?? path;
    return path;
  }

  #requests(flow: number): HttpRecord[] {
    const requests: HttpRecord[] = [];
    const { table } = this.#exchanges;
    for (let id = table.firstOf(flow); id >= 0; id = table.nextOf(id)) {
      const record = this.#http.row(id);
      if (record.method !== null || record.status !== null) requests.push(record);
    }
    return requests;
  }

  #probesOf(flow: number, intervalNs: number): ProbeRecord[] {
    const requests = this.#requests(flow);
    const waitNs = Math.min(intervalNs, MAX_PROBE_WAIT_NS);
    if (requests.length > 0)
      return requests.map((request, index) => this.#httpProbe(flow, request, requests[index + 1], waitNs));
    if (this.#hadRequests(flow)) return [];
    const pair = this.#tls.get(flow);
    const opening = this.#opening(flow, waitNs);
    const isAccepted = opening.outcome === "succeeded" || opening.outcome === "reset";
    return [pair === undefined || !isAccepted ? opening : this.#tlsProbe(flow, pair, opening, waitNs)];
  }

  #hadRequests(flow: number): boolean {
    return (this.#tables.flows.int(flow, FlowField.flags) & FlowFlag.hadTransactions) !== 0;
  }

  /** A connection by itself: what its handshake and its ending tell. */
  #opening(flow: number, waitNs: number): ProbeRecord {
    const { flows, tcp } = this.#tables;
    const row = flows.int(flow, FlowField.tcp);
    const seen = row < 0 ? 0 : tcp.table.int(row, TcpField.seen);
    const startedNs = flows.double(flow, FlowField.startedNs);
    const outcome = this.#openingOutcome(seen, startedNs, waitNs);
    const packets = this.#packets(flow, outcome === null ? "succeeded" : outcome);
    return { flow, startedNs, outcome, status: null, requestUnanswered: false, packets };
  }

  #openingOutcome(seen: number, startedNs: number, waitNs: number): ProbeOutcome | null {
    switch (tcpOutcome(seen)) {
      case "refused":
        return "refused";
      case "established":
      case "mid-stream":
        return wasResetByVm(seen) ? "reset" : "succeeded";
      default: // unanswered, rejected, or a SYN-ACK that was never acknowledged
        return !this.#time.silenceTells || this.#isWaiting(startedNs, waitNs) ? null : "unanswered";
    }
  }

  #httpProbe(flow: number, request: HttpRecord, next: HttpRecord | undefined, waitNs: number): ProbeRecord {
    const startedNs = request.requestedNs ?? request.respondedNs ?? 0;
    const { status } = request;
    const outcome = this.#httpOutcome(flow, request, next !== undefined, waitNs);
    const places = [request.requestPacket, request.requestLastPacket, request.responsePacket];
    const packets = [...new Set(places.flatMap((packet) => (packet === null ? [] : [packet])))];
    if (outcome === "reset") packets.push(...this.#packets(flow, "reset"));
    return {
      flow,
      startedNs,
      outcome,
      status,
      requestUnanswered: outcome === "unanswered",
      packets,
    };
  }

  #httpOutcome(flow: number, request: HttpRecord, hasNext: boolean, waitNs: number): ProbeOutcome | null {
    const { status } = request;
    if (status !== null) {
      const late =
        request.responseMs !== null && request.responseMs * 1e6 > Math.max(waitNs, DEFAULT_PROBE_INTERVAL_NS);
      return late ? "unanswered" : status === HTTP_OK ? "succeeded" : "http-error";
    }
    if (request.answerLost) return null;
    const { flows, tcp } = this.#tables;
    const row = flows.int(flow, FlowField.tcp);
    const seen = row < 0 ? 0 : tcp.table.int(row, TcpField.seen);
    if (!hasNext && wasResetByVm(seen)) return "reset";
    const closed = (seen & (TcpSeen.finByPlatform | TcpSeen.resetByPlatform | TcpSeen.finByVm)) !== 0;
    if (!this.#time.silenceTells) return null;
    if (!hasNext && !closed && this.#isWaiting(request.requestedNs ?? 0, waitNs)) return null;
    if (request.cutByCapture && flows.double(flow, FlowField.payloadTo) > 0) return null; // the status may stand behind the cut
    return "unanswered";
  }

  /** An alert, or an ending before the handshake did. */
  #tlsProbe(flow: number, pair: TlsPair, opening: ProbeRecord, waitNs: number): ProbeRecord {
    const { state }: TlsOutcome = tlsOutcome(pair.client, pair.server);
    if (state === "completed" || state === "not-tls") return opening;
    const { flows, tcp } = this.#tables;
    const seen = tcp.table.int(flows.int(flow, FlowField.tcp), TcpField.seen);
    const endings = TcpSeen.finByVm | TcpSeen.finByPlatform | TcpSeen.resetByVm | TcpSeen.resetByPlatform;
    const ended = (seen & endings) !== 0;
    if (state === "unfinished" && (!this.#time.silenceTells || (!ended && this.#isWaiting(opening.startedNs, waitNs))))
      return { ...opening, outcome: null };
    return { ...opening, outcome: "tls-error", packets: this.#packets(flow, "tls-error") };
  }

  #isWaiting(sinceNs: number, waitNs: number): boolean {
    return this.#time.endedNs !== null && this.#time.endedNs - sinceNs < waitNs;
  }

  /** The packets of a flow that show an outcome. */
  #packets(flow: number, outcome: ProbeOutcome): number[] {
    const { packets } = this.#tables;
    const shown: number[] = [];
    for (let packet = packets.firstOf(flow); packet >= 0; packet = packets.nextOf(packet)) {
      if (shown.length >= MAX_PROBE_PACKETS) break;
      if ((packets.marks(packet) & (PacketMark.duplicate | PacketMark.icmpError)) !== 0) continue;
      if (shows(outcome, packets.tcpFlags(packet), packets.payloadBytes(packet))) shown.push(packet);
    }
    return shown;
  }
}

/** Whether a segment is evidence of an outcome. */
function shows(outcome: ProbeOutcome, flags: number, payloadBytes: number): boolean {
  const opens = (flags & TcpFlag.syn) !== 0;
  const resets = (flags & TcpFlag.rst) !== 0;
  switch (outcome) {
    case "refused":
      return opens || resets;
    case "reset":
      return resets;
    case "tls-error":
      return payloadBytes > 0 || resets;
    default:
      return opens;
  }
}

/** After the handshake the VM sent RST first, before the probe closed. */
function wasResetByVm(seen: number): boolean {
  return (
    (seen & TcpSeen.firstResetByVm) !== 0 && (seen & (TcpSeen.firstFinByPlatform | TcpSeen.closedBeforeReset)) === 0
  );
}

/** Where the outcome of the probes turned from failure to success or back. `wasUp` is how the one before them went; null when that is not known. */
function transitionsOf(
  ended: readonly ProbeRecord[],
  kind: ProbeSeriesRecord["kind"],
  wasUp: boolean | null,
): Transition[] {
  const transitions: Transition[] = [];
  let before = wasUp;
  for (const { outcome, startedNs } of ended) {
    const up = outcome !== null && isUp(kind, outcome);
    if (before !== null && up !== before) transitions.push({ atNs: startedNs, to: up ? "up" : "down" });
    before = up;
  }
  return transitions;
}

function distances(sorted: readonly number[]): number[] {
  return sorted.slice(1).map((start, index) => start - (sorted[index] ?? start));
}
