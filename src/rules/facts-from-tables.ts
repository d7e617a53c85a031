/** The facts of one analysis as views over its tables: nothing is copied but what one walk over the flows gathers. */
import type { IcmpErrors } from "../flow/icmp-errors.ts";
import type { PlatformSign } from "../flow/platform-signs.ts";
import type { FlowTracker } from "../flow/tracker.ts";
import { lazyRows, pickedRows, type Rows } from "../report/rows.ts";
import { serviceName } from "../service/platform.ts";
import type { DhcpRecord, DnsMismatchRecord, DnsRecord, HttpRecord, ProbeSeriesRecord } from "../service/records.ts";
import type {
  CaptureFacts,
  DhcpFact,
  DnsFact,
  DnsMismatchFact,
  Facts,
  FlowFact,
  HttpFact,
  IcmpErrorFact,
  NicFact,
  PacketFact,
  PlatformFacts,
  ProbeSeriesFact,
  TranslationFact,
} from "./facts.ts";
import { FlowRow, type NicOf } from "./flow-facts.ts";
import type { FlowOrder } from "./flow-order.ts";
import { directionsOf, type FlowTally } from "./flow-tally.ts";
import { packetFact, packetFactsOf } from "./packet-facts.ts";

/** Rows of which those out of the ordinary can be picked without reading them all. */
export interface NotableRows<Row> extends Rows<Row> {
  notable(): readonly Row[];
}

/** What the services know, rows of which name flows by their row in the flow table. */
export interface ServiceTables {
  readonly dns: NotableRows<DnsRecord>;
  readonly dnsMismatches: readonly DnsMismatchRecord[];
  readonly dhcp: Rows<DhcpRecord>;
  readonly http: NotableRows<HttpRecord>;
  readonly probes: readonly ProbeSeriesRecord[];
}

/** All that facts are made of. */
export interface FactsSource {
  readonly tracker: FlowTracker;
  readonly services: ServiceTables;
  readonly order: FlowOrder;
  readonly tally: FlowTally;
  readonly nics: readonly NicFact[];
  /** Names a raw NIC of the tables as `nics` counts. */
  readonly nicOf: NicOf;
  readonly platform: Pick<PlatformFacts, "addresses" | "primaryNic" | "primaryNicOrigin" | "gatewayMacs">;
  readonly capture: Omit<
    CaptureFacts,
    "oneWayFlows" | "twoWayFlows" | "truncatedExamples" | "duplicateExamples" | "lostSegmentPackets"
  >;
}

/** The facts. Valid until the analysis goes on. */
export function factsFromTables(source: FactsSource): Facts {
  const { order, tally, tracker, services, nicOf } = source;
  const { packets, examples, signs } = tracker;
  const flowAt = (id: number): FlowFact => new FlowRow(id, order.rowOf(id), tracker, nicOf);
  const idsOf = (rows: readonly number[]): number[] => rows.map((row) => order.idOf(row));
  const held = (indexes: readonly number[]): number[] => indexes.filter((index) => packets.holds(index));
  const packetsOf = (id: number): Iterable<PacketFact> => packetFactsOf(packets, order.rowOf(id), order, nicOf);
  const http = flowRows<HttpFact>(services.http, order);
  const dns = flowRows<DnsFact>(services.dns, order);
  return {
    capture: {
      ...source.capture,
      ...directionsOf(tally),
      truncatedExamples: held(examples.truncated),
      duplicateExamples: held(examples.duplicates),
      lostSegmentPackets: examples.lostSegments
        .filter(({ packet }) => packets.holds(packet))
        .map(({ flow, packet }) => ({ flow: order.idOf(flow), packet })),
    },
    platform: {
      ...source.platform,
      nics: source.nics,
      sourceMacs: signs.sourceMacs.map((sign) => ({
        mac: sign.value,
        nic: nicOf(sign.group),
        ...shownBy(sign, idsOf, held),
      })),
      timeToLives: signs.timeToLives.map((sign) => ({
        service: serviceName(sign.group),
        ipVersion: sign.high === 6 ? 6 : 4,
        ttl: sign.low,
        ...shownBy(sign, idsOf, held),
      })),
    },
    flows: lazyRows(order.count, flowAt),
    notableFlows: pickedRows(tally.notable, flowAt),
    dns,
    notableDns: services.dns.notable().map((one): DnsFact => withFlow(one, order)),
    dnsMismatches: services.dnsMismatches.map((one): DnsMismatchFact => withFlow(one, order)),
    dhcp: [...services.dhcp].map((one) => dhcpFact(one, order, source)),
    http,
    notableHttp: services.http.notable().map((one): HttpFact => withFlow(one, order)),
    probes: services.probes.map((series) => probeSeries(series, order)),
    icmpErrors: icmpErrorFacts(tracker.icmpErrors, order),
    translatedFlows: tracker.translations.pairs.map(
      (pair): TranslationFact => ({
        original: order.idOf(pair.original),
        translated: order.idOf(pair.translated),
      }),
    ),
    packetsOf,
    packet: (index) => packetFact(packets, index, order, nicOf),
  };
}

/** Rows of a store with flow ids instead of flow rows. */
export function flowRows<Row extends { readonly flow: number }>(rows: Rows<Row>, order: FlowOrder): Rows<Row> {
  if (order.isIdentity) return rows;
  return {
    length: rows.length,
    at(index) {
      const row = rows.at(index);
      return row === undefined ? undefined : withFlow(row, order);
    },
    *[Symbol.iterator]() {
      for (const row of rows) yield withFlow(row, order);
    },
  };
}

/** The same row, which may be a view with getters, with the id of its flow. */
function withFlow<Row extends { readonly flow: number }>(row: Row, order: FlowOrder): Row {
  if (order.isIdentity) return row;
  const flow = order.idOf(row.flow);
  return new Proxy(row, { get: (target, key) => (key === "flow" ? flow : Reflect.get(target, key)) });
}

/** The NIC is that of the client's hardware address. */
function dhcpFact(record: DhcpRecord, order: FlowOrder, source: FactsSource): DhcpFact {
  const nic = source.nics.findIndex((one) => one.mac === record.clientMac);
  return { ...withFlow(record, order), nic: nic < 0 ? null : nic };
}

function probeSeries(series: ProbeSeriesRecord, order: FlowOrder): ProbeSeriesFact {
  if (order.isIdentity) return series;
  return { ...series, probes: series.probes.map((probe) => withFlow(probe, order)) };
}

function icmpErrorFacts(errors: IcmpErrors, order: FlowOrder): IcmpErrorFact[] {
  const facts: IcmpErrorFact[] = [];
  for (let index = 0; index < errors.count; index++) {
    const packet = errors.packet(index);
    if (packet < 0) continue;
    const flow = errors.flow(index);
    facts.push({
      packet,
      flow: flow < 0 || order.idOf(flow) < 0 ? null : order.idOf(flow),
      atNs: errors.atNs(index),
      from: errors.fromText(index),
      to: errors.toText(index),
      version: errors.version(index),
      type: errors.type(index),
      code: errors.code(index),
      nextHopMtu: known(errors.nextHopMtu(index)),
      quotedProtocol: errors.quotedProtocol(index),
      quotedPlatformPort: known(errors.quotedPlatformPort(index)),
      quotedVmPort: known(errors.quotedVmPort(index)),
    });
  }
  return facts;
}

function shownBy(
  sign: PlatformSign,
  idsOf: (rows: readonly number[]) => number[],
  held: (indexes: readonly number[]) => number[],
): { packets: number; evidence: number[]; flows: number[] } {
  return { packets: sign.packets, evidence: held(sign.examples), flows: idsOf(sign.flows) };
}

function known(value: number): number | null {
  return value < 0 ? null : value;
}
