/** Wires the stages together: records in, a report out at any time. Does no input or output itself. */
import { PacketRing } from "./capture/packet-ring.ts";
import { PacketStore } from "./capture/packet-store.ts";
import type { FilterFor } from "./capture/reader.ts";
import { Step, type TimeBase } from "./capture/record.ts";
import type { RecordSource } from "./capture/source.ts";
import type { SourceFacts } from "./capture/source-facts.ts";
import type { AddressSet } from "./decode/address-set.ts";
import { decodePacket } from "./decode/decode-packet.ts";
import { Packet, PacketKind } from "./decode/packet.ts";
import { createPrefilter, type Prefilter } from "./decode/prefilter.ts";
import { type ExtractSource, extractSource } from "./extract/extract-source.ts";
import { FlowTracker } from "./flow/tracker.ts";
import { Tunnels } from "./flow/tunnels.ts";
import { LIVE_LEAST_FLOWS, LIVE_LEAST_PACKETS, MAX_EXTRACT_PACKET_BYTES, MAX_EXTRACT_PACKETS } from "./limits.ts";
import { buildReport } from "./report/build.ts";
import { buildActivity } from "./report/build-activity.ts";
import { type NamedNic, recordedPrimaryNic } from "./report/build-platform.ts";
import { tunnelProblems } from "./report/build-tunnels.ts";
import { HeldPackets, type HeldPacketsSource } from "./report/held-packets.ts";
import { instantsFrom } from "./report/instants.ts";
import type { PacketLines } from "./report/packet-line.ts";
import { packetLines } from "./report/packet-lines.ts";
import type { CaptureProblem, LiveSource } from "./report/report.ts";
import type { ReportView } from "./report/report-view.ts";
import type { Rule } from "./rules/rule.ts";
import type { Thresholds } from "./rules/thresholds.ts";
import { Conversations } from "./service/conversations.ts";
import { oldFlows } from "./service/old-flows.ts";
import { PlatformAddresses } from "./service/platform-addresses.ts";
import { Services } from "./service/services.ts";

/** Share of the live flow table above which all that is over is let go, whatever its age. */
const FULL_SHARE = 0.75;

/** What the user chose. */
export interface AnalysisOptions {
  /** The platform's addresses instead of the usual ones; empty for these. */
  readonly platformAddresses: readonly string[];
  /** The primary NIC by name, MAC or address, and who names it; null to find out. */
  readonly primaryNic: NamedNic | null;
  readonly rules: readonly Rule[];
  readonly thresholds: Thresholds;
  /** A session that goes on and on: old flows and packets are let go instead of new ones. */
  readonly live?: boolean;
  /** An extract will be made: more packets are kept of sources that cannot be read twice. */
  readonly extract?: boolean;
}

/** The sources of one analysis, and what is known of each. */
export interface AnalysisSources {
  readonly facts: readonly SourceFacts[];
  readonly records: RecordSource;
  /** They can be opened again and read from the start. */
  readonly rereadable?: boolean;
  /** For live sources, by source: how they are captured. */
  readonly live?: readonly (LiveSource | null)[];
}

/** Opens sources with the analysis' time base and prefilters, which look for `addresses`. */
export type OpenSources = (
  options: { base: TimeBase; filterFor: FilterFor },
  addresses: AddressSet,
) => Promise<AnalysisSources>;

/** Called whenever bytes were read. Reading goes on when its promise, if it gives one, settles. */
export type OnRead = (sources: readonly SourceFacts[]) => void | Promise<void>;

/**
 * Reads sources to their end. When a lease names a platform address that was not known, files are read again from the start with it, so that
 * what came before the lease counts too. The caller closes the analysis.
 */
export async function analyze(open: OpenSources, options: AnalysisOptions, onRead?: OnRead): Promise<Analysis> {
  const learned: string[] = [];
  for (;;) {
    const analysis = new Analysis(options, learned);
    try {
      await analysis.open(open);
      await analysis.read(onRead);
    } catch (error) {
      analysis.close();
      throw error;
    }
    if (analysis.learnedAddresses.length === 0) return analysis;
    learned.push(...analysis.learnedAddresses);
    analysis.close();
  }
}

/** One pass over its sources. */
export class Analysis {
  private readonly addresses: PlatformAddresses;
  private readonly options: AnalysisOptions;
  private readonly base: TimeBase = { seconds: null };
  private readonly services: Services;
  private readonly tracker: FlowTracker;
  private readonly tunnels: Tunnels;
  private readonly packet: Packet = new Packet();
  private readonly problems: CaptureProblem[] = [];
  private readonly namedInterfaces: number[] = [];
  private sources: AnalysisSources | null = null;
  private store: PacketStore = new PacketStore([]);
  private arpPackets = 0;
  /** Addresses of leases with which the sources must be read again. */
  private readonly learned: string[] = [];
  private observedMs: number | null = null;
  private letGoNs: number | null = null;
  private finished: ReportView | null = null;

  /** `learned` are addresses that an earlier pass over the same sources found. */
  constructor(options: AnalysisOptions, learned: readonly string[] = []) {
    this.options = options;
    this.addresses = new PlatformAddresses(options.platformAddresses, learned);
    const live = options.live === true;
    const conversations = new Conversations();
    this.tracker = new FlowTracker({ addresses: this.addresses.set, live }, conversations);
    this.tunnels = new Tunnels(this.addresses.set);
    this.services = new Services(this.tracker, {
      live,
      isPlatform: (address) => this.addresses.set.hasIpv4(address | 0),
      onPlatformAddress: (address) => this.learn(address),
    });
    conversations.attach(this.services);
  }

  /** Opens the sources. What `open` throws is passed on. */
  async open(open: OpenSources): Promise<void> {
    const addresses = this.addresses.set;
    const filterFor = (linkType: number): Prefilter | null => createPrefilter(linkType, addresses);
    const sources = await open({ base: this.base, filterFor }, addresses);
    this.sources = sources;
    const ring =
      this.options.extract === true ? new PacketRing(MAX_EXTRACT_PACKET_BYTES, MAX_EXTRACT_PACKETS) : new PacketRing();
    this.store = new PacketStore(sources.facts, ring);
  }

  /** Reads to the end of the sources. Stops before it when `learnedAddresses` is not empty: then a new pass must be made. */
  async read(onRead: OnRead = () => {}): Promise<void> {
    const { records, facts } = this.sources ?? { records: null, facts: [] };
    if (records === null) return;
    for (;;) {
      const step = this.pump(records);
      const pause = onRead(facts);
      if (pause instanceof Promise) await pause;
      if (step === Step.done || this.learned.length > 0) return;
      const more = records.fill();
      if (more instanceof Promise) await more;
    }
  }

  /** Platform addresses that leases named, and that must be known from the first packet on. */
  get learnedAddresses(): readonly string[] {
    return this.learned;
  }

  /** The platform's addresses that are known by now, as text. */
  get platformAddresses(): readonly string[] {
    return this.addresses.known.map(({ address }) => address);
  }

  /** Packets that the analysis used so far. */
  get platformPackets(): number {
    return this.tracker.counters.platformPackets;
  }

  /** What flow tracking and the services hold, for whoever tells what happens as it happens. Valid until more is read. */
  get tables(): { readonly tracker: FlowTracker; readonly services: Services } {
    return { tracker: this.tracker, services: this.services };
  }

  /** A live session has watched until now, also when no packet came: milliseconds since 1970. */
  observe(nowMs: number): void {
    this.observedMs = nowMs;
  }

  /** An instant as the tables count: milliseconds since 1970 to nanoseconds from the time base. */
  timeNsOf(atMs: number): number {
    return (atMs - (this.base.seconds ?? 0) * 1000) * 1e6;
  }

  /** Lets go of what had its last packet longer than `ageMs` ago, but for the latest of each kind; its counts stay in the services' answers. True when anything was let go. */
  letGo(nowMs: number, ageMs: number): boolean {
    if (this.base.seconds === null) return false;
    const { tracker, services } = this;
    const { flows, packets } = tracker;
    const beforeNs = this.timeNsOf(nowMs - ageMs);
    const isFull = flows.used > flows.maxRows * FULL_SHARE;
    const before = this.heldTotal;
    const { released } = flows;
    tracker.letGoWhere(isFull ? (flow) => tracker.mayGo(flow) : oldFlows(flows, beforeNs, LIVE_LEAST_FLOWS));
    services.letGoBefore(beforeNs);
    packets.forgetBefore(beforeNs, LIVE_LEAST_PACKETS);
    this.store.forgetBefore(beforeNs);
    if (flows.released > released) this.letGoNs = isFull ? this.timeNsOf(nowMs) : beforeNs;
    return this.heldTotal < before;
  }

  /** Flows, transactions and packets that are held. */
  private get heldTotal(): number {
    const { flows, packets } = this.tracker;
    const { dns, http } = this.services;
    return flows.used + packets.count - packets.first + dns.length + http.length;
  }

  /** What bounded memory let go of. */
  get letGoCounts(): { flows: number; packets: number } {
    return { flows: this.tracker.flows.released, packets: this.tracker.packets.first };
  }

  /** The instant from which on everything is still held, flows and packets; null when nothing was let go. */
  get heldSinceAt(): string | null {
    const { packets } = this.tracker;
    const packetsNs = packets.first === 0 || packets.first >= packets.count ? null : packets.atNs(packets.first);
    if (packetsNs === null && this.letGoNs === null) return null;
    const instantOf = instantsFrom(this.base.seconds ?? 0, fractionDigits(this.sources?.facts ?? []));
    return instantOf(Math.max(packetsNs ?? 0, this.letGoNs ?? 0));
  }

  /** The report as things stand. Its lists are views: they are valid until more is read. */
  snapshot(): ReportView {
    if (this.finished !== null) return this.finished;
    const { tracker, services, addresses, options, arpPackets } = this;
    const problems = [...this.problems, ...tunnelProblems(this.tunnels.tallies)];
    const facts = this.sources?.facts ?? [];
    return buildReport({
      tracker,
      services,
      addresses: addresses.known,
      namedNic: options.primaryNic ?? recordedPrimaryNic(facts),
      rules: options.rules,
      thresholds: options.thresholds,
      sources: facts.map((one, index) => ({ facts: one, live: this.sources?.live?.[index] ?? null })),
      baseSeconds: this.base.seconds ?? 0,
      problems,
      arpPackets,
      live: options.live === true,
      observedNs: this.observedMs === null || this.base.seconds === null ? null : this.timeNsOf(this.observedMs),
    });
  }

  /** Nothing more comes: the last report. */
  finish(): ReportView {
    this.tracker.finish();
    this.finished = this.snapshot();
    return this.finished;
  }

  /** Quotes packets of this analysis. */
  packetLines(): PacketLines {
    return packetLines(this.packetsAgain());
  }

  /** Packets to look at again. Flow ids are those of now: ask again when the analysis has gone on. */
  heldPackets(): HeldPackets {
    return new HeldPackets(this.packetsAgain());
  }

  /** What happened over the last minutes. Call it after `snapshot` or `finish`. */
  activity(): ReturnType<typeof buildActivity> {
    return buildActivity(this.tracker, this.services);
  }

  /** The platform's packets with their bytes, for an extract. */
  extractSource(): ExtractSource {
    const { tracker, store, base } = this;
    const sources = this.sources?.facts ?? [];
    return extractSource({ tracker, store, sources, baseSeconds: base.seconds ?? 0 });
  }

  /** True when a source ended before its end. */
  get isFaulty(): boolean {
    return (this.sources?.facts ?? []).some((facts) => facts.problems.stopped);
  }

  /** Lets go of files. */
  close(): void {
    this.sources?.records.close();
    this.store.close();
  }

  private packetsAgain(): HeldPacketsSource {
    const sources = this.sources?.facts ?? [];
    const instantOf = instantsFrom(this.base.seconds ?? 0, fractionDigits(sources));
    const { packets, flows } = this.tracker;
    return { packets, flows, store: this.store, sources, instantOf };
  }

  /** Takes in records until the sources have no more bytes at hand. */
  private pump(records: RecordSource): Step {
    const { packet, tracker } = this;
    for (;;) {
      const step = records.next();
      if (step !== Step.packet) return step;
      const { record, sourceIndex } = records;
      decodePacket(record.linkType, record.view, record.start, record.end, record.wireBytes, packet);
      if (packet.kind === PacketKind.arp) this.arpPackets++;
      if ((this.namedInterfaces[sourceIndex] ?? 0) <= record.interfaceIndex) this.nameInterfaces(sourceIndex);
      if (tracker.packet(packet, record, sourceIndex)) this.store.keep(sourceIndex, record);
      else if (packet.ipVersion !== 0) this.tunnels.note(packet, record, sourceIndex);
      if (this.learned.length > 0) return step;
    }
  }

  /**
   * A lease names another platform address. Files are read again with it; what cannot be read again is analysed with it from here on, and
   * the report says so.
   */
  private learn(address: string): void {
    if (this.sources?.rereadable === true && this.addresses.hasRoom) {
      if (!this.learned.includes(address)) this.learned.push(address);
      return;
    }
    const added = this.addresses.add(address, "dhcp-option-245");
    const code = added ? "platform-address-from-here-on" : "too-many-platform-addresses";
    if (this.problems.some((problem) => problem.code === code)) return;
    this.problems.push({
      source: this.sources?.records.sourceIndex ?? 0,
      code,
      message: added
        ? `A DHCP lease names ${address} as the platform's address; packets before it were not looked at, because the input cannot be read twice.`
        : `DHCP leases name more platform addresses than are followed at once; ${address} is not.`,
      offsetBytes: this.sources?.records.record.offset ?? null,
      count: 1,
    });
  }

  /** Tells tracking the names of the interfaces that the source has named by now. */
  private nameInterfaces(source: number): void {
    const interfaces = this.sources?.facts[source]?.interfaces ?? [];
    for (const { index, name } of interfaces) if (name !== null) this.tracker.nics.nameInterface(source, index, name);
    this.namedInterfaces[source] = interfaces.length;
  }
}

/** Digits of all instants of one report: nine when any source has them. */
export function fractionDigits(sources: readonly SourceFacts[]): 6 | 9 {
  return sources.some((facts) => facts.fractionDigits === 9) ? 9 : 6;
}
