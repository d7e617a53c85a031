/** The report's transactions, made from the services' records one at a time. */
import type { Facts } from "../rules/facts.ts";
import type { DhcpRecord, DnsRecord, HttpRecord, ProbeSeriesRecord } from "../service/records.ts";
import { type InstantOf, tidyMs } from "./instants.ts";
import type { DhcpExchange, DnsTransaction, HttpExchange, PacketRef, ProbeSeries } from "./report.ts";

/** Names a packet of the table. */
export type RefOf = (packet: number) => PacketRef;

/** Names packets as the facts know them. Holds no more of the facts than that. */
export function refsOf({ packet: packetOf }: Pick<Facts, "packet">): RefOf {
  return (packet) => {
    const { source, frame } = packetOf(packet);
    return { source, frame };
  };
}

export function buildDns(one: DnsRecord, instantOf: InstantOf, refOf: RefOf): DnsTransaction {
  return {
    flow: one.flow,
    id: one.messageId,
    transport: one.transport,
    name: one.name,
    type: one.type,
    class: one.class,
    askedAt: instantOf(one.askedNs),
    responseMs: tidyMs(one.responseMs),
    retries: one.retries,
    outcome: one.outcome,
    rcode: one.rcode,
    truncated: one.truncated,
    answers: one.answers.map(({ name, type, ttlSeconds, data }) => ({ name, type, ttlSeconds, data })),
    packets: refs([...one.queryPackets, one.answerPacket], refOf),
  };
}

export function buildDhcp(one: DhcpRecord, instantOf: InstantOf, refOf: RefOf): DhcpExchange {
  return {
    transactionId: `0x${(one.transactionId >>> 0).toString(16).padStart(8, "0")}`,
    clientMac: one.clientMac,
    kind: one.kind,
    outcome: one.outcome,
    messages: one.messages
      .filter((message) => message.packet >= 0)
      .map((message) => ({
        type: message.type,
        at: instantOf(message.atNs),
        from: message.sourceAddress,
        to: message.destinationAddress,
        packet: refOf(message.packet),
      })),
    offeredAddress: one.offeredAddress,
    serverIdentifier: one.serverIdentifier,
    leaseSeconds: one.leaseSeconds,
    platformAddress: one.platformAddress === "malformed" ? null : one.platformAddress,
    routers: [...one.routers],
    dnsServers: [...one.dnsServers],
    hostName: one.hostName,
    durationMs: tidyMs(one.durationMs),
  };
}

export function buildHttp(one: HttpRecord, instantOf: InstantOf, refOf: RefOf): HttpExchange {
  const places = [one.requestPacket, one.requestLastPacket, one.responsePacket, one.responseLastPacket];
  return {
    flow: one.flow,
    method: one.method,
    target: one.target,
    host: one.host,
    userAgent: one.userAgent,
    operation: one.operation,
    requestedAt: one.requestedNs === null ? null : instantOf(one.requestedNs),
    status: one.status,
    responseMs: tidyMs(one.responseMs),
    requestBytes: one.requestBytes,
    responseBytes: one.responseBytes,
    health:
      one.health === null
        ? null
        : { state: one.health.state, substatus: one.health.substatus, description: one.health.description },
    incarnation: one.incarnation,
    packets: refs(places, refOf),
  };
}

/** Null for a series of which nothing has come to an end: the capture does not tell how its probes went. */
export function buildProbes(
  series: ProbeSeriesRecord,
  instantOf: InstantOf,
  idOf: (row: number) => number,
): ProbeSeries | null {
  if (series.lastOutcome === null) return null;
  return {
    vm: { address: series.vmAddress, port: series.vmPort },
    kind: series.kind,
    path: series.path,
    // Those that a live session let go of count too.
    probes: series.succeeded + series.failed + series.probes.filter(({ outcome }) => outcome === null).length,
    succeeded: series.succeeded,
    failed: series.failed,
    intervalMs: tidyMs(series.intervalMs),
    lastOutcome: series.lastOutcome,
    transitions: series.transitions.map(({ atNs, to }) => ({ at: instantOf(atNs), to })),
    flows: series.flows.map(idOf),
  };
}

/** References in order of the packets, each once; packets that were not kept are left out. */
function refs(packets: readonly (number | null)[], refOf: RefOf): PacketRef[] {
  const held = packets.filter((packet): packet is number => packet !== null && packet >= 0);
  return [...new Set(held)].sort((a, b) => a - b).map(refOf);
}
