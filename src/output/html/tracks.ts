/**
 * What each service tried, when, and how it went, gathered from the report's lists: what the plots over time and of latency draw. An attempt
 * is counted as the services' answers count it: a transaction, or a connection that came to none.
 */
import { cameToBe, wasTurnedDown } from "../../report/connection-outcomes.ts";
import { isShown } from "../../report/headline.ts";
import type { Flow, HttpExchange, ServiceName } from "../../report/report.ts";
import type { ReportView } from "../../report/report-view.ts";
import { SIGNS_OF_LIFE } from "../../report/signs-of-life.ts";
import { DNS_CLIENT_WAIT_MS, PATIENT_TRIES, REQUEST_WAIT_MS, SYN_WAIT_MS } from "../../report/waiting-times.ts";
import { DhcpAttempts, isAsking } from "./dhcp-attempts.ts";
import { InstantReader } from "./instants.ts";
import { ProbeStates } from "./probe-states.ts";

const BAD_REQUEST = 400;

/** One service. Times are milliseconds from the start of the capture's first second. */
export interface Track {
  readonly goodAtMs: number[];
  readonly failedAtMs: number[];
  readonly responsesMs: number[];
  readonly handshakesMs: number[];
  /** Stretches in which a flow was there: starts and ends in turn, in order of the flows. */
  readonly flowsMs: number[];
}

/** All services that were seen, and the probes of each series. */
export interface Tracks {
  readonly startMs: number;
  readonly endMs: number;
  readonly ofService: ReadonlyMap<ServiceName, Track>;
  /** For each series when its probes began, in the report's order. */
  readonly probesMs: readonly (readonly number[])[];
  readonly instants: InstantReader;
}

/** Walks each list of the report once. */
export function gatherTracks(report: ReportView): Tracks {
  const { startedAt, endedAt } = report.capture;
  const instants = new InstantReader(startedAt);
  const startMs = startedAt === null ? 0 : instants.ms(startedAt);
  const endMs = Math.max(startMs, endedAt === null ? 0 : instants.ms(endedAt));
  const gatherer = new Gatherer(report, instants, endMs);
  gatherer.http();
  gatherer.dns();
  gatherer.dhcp();
  gatherer.flows();
  return { startMs, endMs, ofService: gatherer.tracks, probesMs: gatherer.probes.startsMs, instants };
}

/** What the transactions of a flow told before the flow itself is looked at. */
const NOTHING = 0;
const TRANSACTION = 1;

class Gatherer {
  readonly tracks: Map<ServiceName, Track> = new Map();
  readonly probes: ProbeStates;
  readonly #report: ReportView;
  readonly #instants: InstantReader;
  readonly #endMs: number;
  /** False when the capture holds one direction alone: what has no answer has not failed then. */
  readonly #silenceTells: boolean;
  /** False when no unanswered question counts as failed, as when the capture may lack the answers alone. */
  readonly #dnsSilenceTells: boolean;
  /** Of each flow by its id: whether a transaction stands for it. */
  readonly #told: Uint8Array;
  #flow: Flow | undefined;

  constructor(report: ReportView, instants: InstantReader, endMs: number) {
    this.#report = report;
    this.#instants = instants;
    this.#endMs = endMs;
    this.#silenceTells = !report.anomalies.some(({ rule }) => rule === "capture-one-way");
    this.#dnsSilenceTells = report.services.some(({ service, failed }) => service === "dns" && failed > 0);
    this.#told = new Uint8Array(report.flows.length);
    this.probes = new ProbeStates(report, instants);
    for (const one of report.services) if (isShown(one)) this.#track(one.service);
  }

  http(): void {
    for (const exchange of this.#report.http.exchanges) {
      const flow = this.#flowOf(exchange.flow);
      if (flow === undefined || exchange.requestedAt === null) continue;
      this.#told[flow.id] = TRANSACTION;
      const atMs = this.#instants.ms(exchange.requestedAt);
      if (flow.service === "health-probe") this.probes.add(flow.id, atMs);
      else this.#request(flow, exchange, atMs);
      if (exchange.responseMs !== null) this.#track(flow.service).responsesMs.push(exchange.responseMs);
    }
  }

  #request(flow: Flow, exchange: HttpExchange, atMs: number): void {
    const good = isGood(flow, exchange);
    const hasNoAnswer = exchange.status === null;
    if (hasNoAnswer && !this.#silenceTells) return;
    const maybeLate = hasNoAnswer && this.#endMs - atMs < REQUEST_WAIT_MS;
    if (!maybeLate || isOver(flow)) this.#attempt(flow.service, atMs, good);
    if (maybeLate || !SIGNS_OF_LIFE.has(`${flow.service} ${exchange.operation}`)) return;
    this.#attempt("heartbeat", atMs, good);
    const heartbeat = this.#track("heartbeat");
    if (exchange.responseMs !== null) heartbeat.responsesMs.push(exchange.responseMs);
    heartbeat.flowsMs.push(atMs, atMs);
  }

  dns(): void {
    const rejections = this.#report.anomalies.filter(({ rule }) => rule === "dns-rejected");
    const rejected = new Set(rejections.flatMap(({ flows }) => flows));
    for (const one of this.#report.dns.transactions) {
      if (one.flow < this.#told.length) this.#told[one.flow] = TRANSACTION;
      if (one.outcome === "unsolicited") continue;
      const atMs = this.#instants.ms(one.askedAt);
      if (one.outcome === "unanswered" && !rejected.has(one.flow)) {
        const waits = one.retries + 1 < PATIENT_TRIES && this.#endMs - atMs < DNS_CLIENT_WAIT_MS;
        if (waits || !this.#dnsSilenceTells) continue;
      }
      this.#attempt("dns", atMs, one.rcode === "NOERROR" || one.rcode === "NXDOMAIN");
      if (one.responseMs !== null) this.#track("dns").responsesMs.push(one.responseMs);
    }
  }

  dhcp(): void {
    const attempts = new DhcpAttempts(this.#report, this.#silenceTells);
    for (const one of this.#report.dhcp.exchanges) {
      const first = one.messages[0];
      const asked = one.messages.filter(isAsking).at(-1);
      const sinceAskedMs = asked === undefined ? Number.POSITIVE_INFINITY : this.#endMs - this.#instants.ms(asked.at);
      const good = attempts.success(one, sinceAskedMs);
      if (first === undefined || good === null) continue;
      this.#attempt("dhcp", this.#instants.ms(first.at), good);
      if (one.durationMs !== null && one.outcome === "acknowledged")
        this.#track("dhcp").responsesMs.push(one.durationMs);
    }
  }

  /** Connections and datagrams that came to no transaction are attempts of their own; every flow is a stretch of its service. */
  flows(): void {
    for (const flow of this.#report.flows) {
      const atMs = this.#instants.ms(flow.startedAt);
      const track = this.#track(flow.service);
      track.flowsMs.push(atMs, atMs + flow.durationMs);
      const handshakeMs = flow.tcp?.handshakeMs ?? null;
      if (handshakeMs !== null) track.handshakesMs.push(handshakeMs);
      if (this.#told[flow.id] === NOTHING) this.#connection(flow, atMs);
    }
    for (const { atMs, up } of this.probes.all()) this.#attempt("health-probe", atMs, up);
  }

  #connection(flow: Flow, atMs: number): void {
    if (flow.service === "health-probe") this.probes.add(flow.id, atMs);
    else if (flow.tcp === null) this.#datagrams(flow, atMs);
    else {
      const { outcome } = flow.tcp;
      const opened = cameToBe(outcome);
      if (opened || wasTurnedDown(outcome) || (this.#silenceTells && this.#endMs - atMs > SYN_WAIT_MS))
        this.#attempt(flow.service, atMs, opened);
    }
  }

  #datagrams(flow: Flow, atMs: number): void {
    if (flow.service === "dns" || flow.service === "dhcp") return;
    if (flow.packets.toPlatform > 0 && flow.packets.fromPlatform > 0) this.#attempt(flow.service, atMs, true);
  }

  #attempt(service: ServiceName, atMs: number, good: boolean): void {
    const track = this.#track(service);
    (good ? track.goodAtMs : track.failedAtMs).push(atMs);
  }

  #track(service: ServiceName): Track {
    let track = this.tracks.get(service);
    if (track === undefined) {
      track = { goodAtMs: [], failedAtMs: [], responsesMs: [], handshakesMs: [], flowsMs: [] };
      this.tracks.set(service, track);
    }
    return track;
  }

  /** Transactions of one flow follow each other, so the last flow is often asked for again. */
  #flowOf(id: number): Flow | undefined {
    if (this.#flow?.id !== id) this.#flow = this.#report.flows.at(id);
    return this.#flow;
  }
}

/** A bare request by hand is answered with 400, which proves that the service answers. */
function isGood(flow: Flow, { status, operation }: HttpExchange): boolean {
  if (status === null) return false;
  return status < BAD_REQUEST || (status === BAD_REQUEST && flow.service === "wireserver" && operation === null);
}

/** One side ended the connection: no answer will come. */
function isOver({ tcp }: Flow): boolean {
  return tcp !== null && tcp.ending !== null && tcp.ending !== "open";
}
