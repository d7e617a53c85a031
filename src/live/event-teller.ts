/** Tells what happens in a session as events, by comparing what the analysis holds with what was told. */
import type { FlowTracker } from "../flow/tracker.ts";
import { MAX_EVENTS_AT_ONCE } from "../limits.ts";
import type { LiveEvent, LiveEventBody } from "../report/events.ts";
import type { DhcpExchange, DnsTransaction, HttpExchange } from "../report/report.ts";
import type { ReportView } from "../report/report-view.ts";
import type { EndReason } from "../report/session-view.ts";
import { FlowOrder } from "../rules/flow-order.ts";
import { QUERY_MAY_COME_MS } from "../service/dns-early-answers.ts";
import { FlowFollower } from "./flow-follower.ts";
import { RowFollower } from "./row-follower.ts";
import type { Session } from "./session.ts";

/** How often the analysis is looked at, in milliseconds; longer when one look takes more than a fifth of that. */
const LOOK_MS = 250;
const LOOK_SHARE = 5;
/** A question, request or exchange that is not answered within this time, in milliseconds, is told as it stands. */
const PATIENCE_MS = 15_000;

/** Takes each event as it happens. */
export type OnEvent = (event: LiveEvent) => void;

export class EventTeller {
  readonly #session: Session;
  readonly #tell: (body: LiveEventBody) => void;
  readonly #now: () => number;
  readonly #flows: FlowFollower = new FlowFollower();
  readonly #dns: RowFollower<DnsTransaction> = new RowFollower(isDnsDone);
  readonly #http: RowFollower<HttpExchange> = new RowFollower(isHttpDone);
  readonly #dhcp: RowFollower<DhcpExchange> = new RowFollower(isDhcpDone);
  /** By endpoint: the instant of the last transition that was told. */
  readonly #transitions = new Map<string, string>();
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | null = null;
  #revision = -1;
  #countersMs = 0;
  #lastLookMs = 0;

  /** `intervalMs` is the time between two counters events. */
  constructor(session: Session, onEvent: OnEvent, intervalMs: number, now: () => number) {
    this.#session = session;
    this.#intervalMs = intervalMs;
    this.#now = now;
    this.#tell = (body) => onEvent({ schemaVersion: 1, at: new Date(now()).toISOString(), ...body });
  }

  /** Begins to tell. The session watches already. */
  start(): void {
    const { backend, clock, nics } = this.#session.status();
    this.#tell({
      event: "session-started",
      interfaces: nics.map(({ name, mac, primary }) => ({ name, mac, primary, backend, clock })),
    });
    this.#session.listener = {
      lost: (name, reason) => this.#tell({ event: "interface-lost", interface: name, reason }),
      back: (name, reason) => this.#tell({ event: "interface-back", interface: name, reason }),
      warned: ({ code, message }) => this.#tell({ event: "warning", code, message }),
    };
    for (const { code, message } of this.#session.status().warnings) this.#tell({ event: "warning", code, message });
    this.#session.history.onChange = (change, anomaly) => this.#tell({ event: `anomaly-${change}`, anomaly });
    this.#countersMs = this.#now();
    this.#schedule();
  }

  /** Tells what is left; the session has ended. */
  end(reason: EndReason): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.look(Number.POSITIVE_INFINITY);
    this.#tellCounters();
    this.#tell({ event: "session-ended", reason });
  }

  #schedule(): void {
    const waitMs = Math.max(LOOK_MS, this.#lastLookMs * LOOK_SHARE);
    this.#timer = setTimeout(() => {
      const startedMs = performance.now();
      this.look(this.#now());
      this.#lastLookMs = performance.now() - startedMs;
      if (this.#now() - this.#countersMs >= this.#intervalMs) this.#tellCounters();
      this.#schedule();
    }, waitMs);
  }

  #tellCounters(): void {
    this.#countersMs = this.#now();
    const { packets, platformPackets, droppedPackets, letGo } = this.#session.status();
    const flows = this.#session.analysis.tables.tracker.flows.used + letGo.flows;
    const anomalies = this.#session.history.activeCount;
    this.#tell({ event: "counters", packets, platformPackets, droppedPackets, flows, anomalies });
  }

  /** Tells what is new; called several times a second. */
  look(nowMs: number = this.#now()): void {
    // Questions run out of time also while no packet comes.
    this.#session.touch();
    const report = this.#session.report();
    if (this.#session.revision === this.#revision) return;
    this.#revision = this.#session.revision;
    const { tracker, services } = this.#session.analysis.tables;
    this.#tellFlows(report, tracker, nowMs);
    const { dns, dhcp, http } = report;
    const dnsTable = services.dnsTransactions.table;
    const limit = MAX_EVENTS_AT_ONCE;
    const dnsRows = {
      length: dnsTable.length,
      idAt: (at: number) => dnsTable.idAt(at),
      rowAt: rowsOf(dns.transactions),
    };
    for (const transaction of this.#dns.done(dnsRows, nowMs, limit)) this.#tell({ event: "dns", transaction });
    const httpTable = services.httpExchanges.table;
    const httpRows = {
      length: httpTable.length,
      idAt: (at: number) => httpTable.idAt(at),
      rowAt: rowsOf(http.exchanges),
    };
    for (const exchange of this.#http.done(httpRows, nowMs, limit)) this.#tell({ event: "http", exchange });
    const dhcpRows = { length: dhcp.exchanges.length, idAt: (at: number) => at, rowAt: rowsOf(dhcp.exchanges) };
    for (const exchange of this.#dhcp.done(dhcpRows, nowMs, limit)) this.#tell({ event: "dhcp", exchange });
    this.#tellTransitions(report);
  }

  #tellFlows(report: ReportView, tracker: FlowTracker, nowMs: number): void {
    const nowNs = this.#session.analysis.timeNsOf(nowMs);
    const changes = this.#flows.changes(tracker, nowNs, MAX_EVENTS_AT_ONCE);
    if (changes.length === 0) return;
    const order = new FlowOrder(tracker.flows);
    for (const { row, change } of changes) {
      const flow = report.flows.at(order.idOf(row));
      if (flow !== undefined) this.#tell({ event: change, flow });
    }
  }

  #tellTransitions({ probes }: ReportView): void {
    for (const { vm, transitions } of probes) {
      const key = `${vm.address} ${vm.port}`;
      const told = this.#transitions.get(key) ?? "";
      for (const { at, to } of transitions) {
        if (at <= told) continue;
        this.#tell({ event: "probe-transition", vm: { address: vm.address, port: vm.port }, to });
        this.#transitions.set(key, at);
      }
    }
  }
}

function rowsOf<Row>(rows: { at(index: number): Row | undefined }): (position: number) => Row | undefined {
  return (position) => rows.at(position);
}

function isDnsDone({ outcome, askedAt }: DnsTransaction, nowMs: number): boolean {
  if (outcome === "answered") return true;
  const patienceMs = outcome === "unsolicited" ? QUERY_MAY_COME_MS : PATIENCE_MS;
  return nowMs - Date.parse(askedAt) > patienceMs;
}

function isHttpDone({ status, responseBytes, requestedAt }: HttpExchange, nowMs: number): boolean {
  if (status !== null && responseBytes !== null) return true;
  return requestedAt === null || nowMs - Date.parse(requestedAt) > PATIENCE_MS;
}

function isDhcpDone({ outcome, messages }: DhcpExchange, nowMs: number): boolean {
  if (outcome !== "unanswered" && outcome !== "offered") return true;
  return nowMs - Date.parse(messages.at(-1)?.at ?? "") > PATIENCE_MS || nowMs === Number.POSITIVE_INFINITY;
}
