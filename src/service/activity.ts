/** Gathers what each service tried: its transactions, and the connections that came to none. Columns are read, not rows: there may be many. */
import { isIcmpRejection } from "../decode/icmp.ts";
import { IpProtocol } from "../decode/ip-protocol.ts";
import { FlowField, FlowFlag, FlowKind, type FlowTable } from "../flow/flow-table.ts";
import { tcpOutcome } from "../flow/handshake.ts";
import type { IcmpErrors } from "../flow/icmp-errors.ts";
import { TcpField, TcpSeen } from "../flow/tcp-table.ts";
import { cameToBe, wasTurnedDown } from "../report/connection-outcomes.ts";
import type { ServiceName } from "../report/report.ts";
import { REQUEST_WAIT_MS, SYN_WAIT_MS } from "../report/waiting-times.ts";
import { Attempts } from "./attempts.ts";
import { DnsField, DnsFlag } from "./dns-fields.ts";
import { isWaiting } from "./dns-rows.ts";
import { type HttpExchanges, HttpField, HttpFlag, responseMsOf } from "./http-exchanges.ts";
import { DNS_PORT, ServiceCode, serviceName } from "./platform.ts";
import { isUp } from "./probe-outcomes.ts";
import type { DhcpMessageRecord, DhcpRecord } from "./records.ts";
import type { Services, TrackedTables } from "./services.ts";
import { TransactionField, type TransactionTable } from "./transaction-table.ts";

export const REQUEST_WAIT_NS: number = REQUEST_WAIT_MS * 1e6;
const SYN_WAIT_NS: number = SYN_WAIT_MS * 1e6;

export const BAD_REQUEST = 400;
const NXDOMAIN = 3;

/** Until when what gets no answer was watched, and whether the capture would show an answer at all. */
interface Silence {
  readonly tells: boolean;
  readonly untilNs: number;
}

/** One service's flows and attempts. */
export interface Activity {
  flows: number;
  readonly attempts: Attempts;
  /** Of the attempts: connections that came to no transaction, and those of them that opened. */
  bare: number;
  opened: number;
}

/**
 * Activity of every service but the heartbeat, which is part of others' requests. Where silence tells nothing, what was not answered has not
 * failed: nobody knows.
 */
export function gatherActivity(services: Services, tables: TrackedTables): ReadonlyMap<ServiceName, Activity> {
  const activity = new Map<ServiceName, Activity>();
  for (let code = 0; code <= ServiceCode.icmp; code++) {
    activity.set(serviceName(code), newActivity(services, code));
  }
  const activityOf = (code: number): Activity => activity.get(serviceName(code)) ?? newActivity(services, code);
  const attemptsOf = (code: number): Attempts => activityOf(code).attempts;
  const { silenceTells, dnsSilenceTells, endedNs } = services.time;
  const silence = { tells: silenceTells, untilNs: endedNs ?? Number.POSITIVE_INFINITY };
  const flowCounts = countFlows(services, tables, silence, activityOf);
  for (const [code, flows] of flowCounts.entries()) {
    const one = activity.get(serviceName(code));
    if (one !== undefined) one.flows = flows;
  }
  gatherHttp(services, tables, silence, attemptsOf);
  const rejected = rejectedQueries(tables.icmpErrors);
  const dnsSilence = { ...silence, tells: silenceTells && dnsSilenceTells };
  gatherDns(services, dnsSilence, rejected, attemptsOf(ServiceCode.dns));
  const dhcp = attemptsOf(ServiceCode.dhcp);
  for (const exchange of services.dhcp) {
    const success = dhcpSuccess(exchange, silenceTells);
    if (success !== null) dhcp.add(exchange.messages[0]?.atNs ?? 0, success);
  }
  const probes = attemptsOf(ServiceCode.healthProbe);
  for (const series of services.probes) {
    for (const { outcome, startedNs } of series.probes)
      if (outcome !== null) probes.add(startedNs, isUp(series.kind, outcome));
  }
  return activity;
}

function newActivity(services: Services, code: number): Activity {
  return { flows: 0, attempts: new Attempts(expectedAttempts(services, code)), bare: 0, opened: 0 };
}

/** Whether a DHCP exchange succeeded; null when it still waits, or asks for nothing that must be answered. */
function dhcpSuccess(exchange: DhcpRecord, silenceTells: boolean): boolean | null {
  if (exchange.pendingAtEnd) return null;
  switch (exchange.outcome) {
    case "unanswered": {
      // An INFORM asks for parameters beside a lease, and of plain BOOTP, or a message that was cut before its type, nothing tells what it asks for.
      const isForLease = exchange.kind !== "inform" && exchange.kind !== "other";
      return isForLease && silenceTells && !isOfferTaken(exchange.messages) ? false : null;
    }
    case "refused":
    case "declined":
      return false;
    case "offered":
      return !isOfferIgnored(exchange.messages);
    case "acknowledged":
    case "released":
      return true;
    default:
      return never(exchange.outcome);
  }
}

/** The client goes on looking for a server after an offer. The agent's own bare DISCOVER takes none up. */
function isOfferIgnored(messages: readonly DhcpMessageRecord[]): boolean {
  const offer = messages.findIndex(({ type }) => type === "OFFER");
  return offer >= 0 && messages.slice(offer).some(({ type, bare }) => type === "DISCOVER" && !bare);
}

/** The client names a server after it looked for one: an offer that was not captured reached it. */
function isOfferTaken(messages: readonly DhcpMessageRecord[]): boolean {
  return (
    messages.some(({ type }) => type === "DISCOVER") &&
    messages.some(({ type, serverIdentifier }) => type === "REQUEST" && serverIdentifier !== null)
  );
}

/** As many as there are transactions; other services have few. */
function expectedAttempts({ httpExchanges, dnsTransactions }: Services, code: number): number | undefined {
  if (code === ServiceCode.dns) return dnsTransactions.table.length;
  return code === ServiceCode.wireserver || code === ServiceCode.hostgaPlugin ? httpExchanges.table.length : undefined;
}

/** Counts flows by service, and adds the connections that came to no transaction. */
function countFlows(
  services: Services,
  { flows, tcp }: TrackedTables,
  silence: Silence,
  activityOf: (code: number) => Activity,
): number[] {
  const counts = new Array<number>(ServiceCode.icmp + 1).fill(0);
  for (let flow = 0; flow < flows.rows; flow++) {
    if (!flows.holds(flow)) continue;
    const code = flows.int(flow, FlowField.service);
    counts[code] = (counts[code] ?? 0) + 1;
    if (code === ServiceCode.healthProbe || code === ServiceCode.dhcp) continue;
    const startedNs = flows.double(flow, FlowField.startedNs);
    if (flows.int(flow, FlowField.kind) !== FlowKind.tcp) {
      if (code !== ServiceCode.dns && isTwoWay(flows, flow)) activityOf(code).attempts.add(startedNs, true);
      continue;
    }
    if (hasTransactions(services, flow, code)) continue;
    const row = flows.int(flow, FlowField.tcp);
    const outcome = row < 0 ? null : tcpOutcome(tcp.table.int(row, TcpField.seen));
    const opened = outcome !== null && cameToBe(outcome);
    const given =
      opened ||
      (outcome !== null && wasTurnedDown(outcome)) ||
      (silence.tells && silence.untilNs - startedNs > SYN_WAIT_NS);
    if (!given) continue;
    const own = activityOf(code);
    own.attempts.add(startedNs, opened);
    own.bare++;
    if (opened) own.opened++;
  }
  return counts;
}

/** Packets went in both directions. */
export function isTwoWay(flows: FlowTable, flow: number): boolean {
  return flows.int(flow, FlowField.packetsTo) > 0 && flows.int(flow, FlowField.packetsFrom) > 0;
}

function hasTransactions(services: Services, flow: number, code: number): boolean {
  if ((services.flows.int(flow, FlowField.flags) & FlowFlag.hadTransactions) !== 0) return true;
  if (code === ServiceCode.dns) return services.dnsTransactions.table.firstOf(flow) >= 0;
  const isHttp = code === ServiceCode.wireserver || code === ServiceCode.hostgaPlugin;
  return isHttp && services.httpExchanges.table.firstOf(flow) >= 0;
}

function gatherHttp(
  services: Services,
  tables: TrackedTables,
  silence: Silence,
  attemptsOf: (code: number) => Attempts,
): void {
  const { table } = services.httpExchanges;
  const wireserver = attemptsOf(ServiceCode.wireserver);
  const hostgaPlugin = attemptsOf(ServiceCode.hostgaPlugin);
  for (let index = 0; index < table.length; index++) {
    const id = table.idAt(index);
    const flow = table.int(id, TransactionField.flow);
    const code = tables.flows.int(flow, FlowField.service);
    if (code !== ServiceCode.wireserver && code !== ServiceCode.hostgaPlugin) continue;
    const attempts = code === ServiceCode.wireserver ? wireserver : hostgaPlugin;
    const flags = table.int(id, HttpField.flags);
    const requestedNs = table.double(id, HttpField.requestedNs);
    if ((flags & HttpFlag.response) === 0) {
      const isWhole = (flags & HttpFlag.cut) === 0;
      const isGivenUp = silence.untilNs - requestedNs >= REQUEST_WAIT_NS || isOver(tables, flow);
      if (silence.tells && isWhole && isGivenUp) attempts.add(requestedNs, false);
      continue;
    }
    const respondedNs = table.double(id, HttpField.respondedNs);
    attempts.add(
      (flags & HttpFlag.request) !== 0 ? requestedNs : respondedNs,
      isServedWell(services.httpExchanges, id, code),
      responseMsOf(table, id),
    );
  }
}

/** Whether an answer shows that the service works. A bare request by hand is answered with 400, which proves that it answers. */
export function isServedWell(exchanges: HttpExchanges, id: number, code: number): boolean {
  const status = exchanges.table.int(id, HttpField.status);
  const byHand = status === BAD_REQUEST && code === ServiceCode.wireserver && exchanges.operationIndexOf(id) < 0;
  return status < BAD_REQUEST || byHand;
}

/** One side closed or reset the connection: no answer will come. */
function isOver({ flows, tcp }: TrackedTables, flow: number): boolean {
  const row = flows.int(flow, FlowField.tcp);
  const seen = row < 0 ? 0 : tcp.table.int(row, TcpField.seen);
  return (seen & (TcpSeen.finByVm | TcpSeen.finByPlatform | TcpSeen.resetByVm | TcpSeen.resetByPlatform)) !== 0;
}

/** Flows whose DNS queries an ICMP error rejects, so that nobody waits for their answers. */
function rejectedQueries(errors: IcmpErrors): ReadonlySet<number> {
  const flows = new Set<number>();
  for (let index = 0; index < errors.count; index++) {
    const isQuery = errors.quotedProtocol(index) === IpProtocol.udp && errors.quotedPlatformPort(index) === DNS_PORT;
    if (!isQuery || !errors.quotedToPlatform(index)) continue;
    if (isIcmpRejection(errors.version(index), errors.type(index), errors.code(index))) flows.add(errors.flow(index));
  }
  return flows;
}

function gatherDns(services: Services, silence: Silence, rejected: ReadonlySet<number>, attempts: Attempts): void {
  const { table } = services.dnsTransactions;
  for (let index = 0; index < table.length; index++) {
    const id = table.idAt(index);
    const flags = table.int(id, DnsField.classAndFlags);
    if ((flags & DnsFlag.unsolicited) !== 0) continue;
    const askedNs = table.double(id, DnsField.askedNs);
    if ((flags & DnsFlag.answered) === 0) {
      const isRejected = rejected.has(table.int(id, TransactionField.flow));
      if (isRejected || (silence.tells && !isWaiting(services.dnsTransactions, id, silence.untilNs)))
        attempts.add(askedNs, false);
      continue;
    }
    attempts.add(askedNs, isAnsweredWell(table, id), (table.double(id, DnsField.answeredNs) - askedNs) / 1e6);
  }
}

/** Whether a DNS answer shows that the resolver works: that there is no such name is an answer. */
export function isAnsweredWell(table: TransactionTable, id: number): boolean {
  const code = table.int(id, DnsField.answerLengthAndCode) >>> 16;
  return code === 0 || code === NXDOMAIN;
}

function never(outcome: never): never {
  throw new Error(`no success for ${String(outcome)}`);
}
