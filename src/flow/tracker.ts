/**
 * From decoded packets to conversations: duplicates, NICs, fragments, flow look-up, TCP analysis and reassembly, in this order.
 *
 * What counts where. A flow's counters hold its packets once: duplicates and ICMP errors that quote it stand in its chain, marked, and in
 * counters of their own. ICMP errors about packets that were never seen belong to no flow.
 *
 * When a new flow starts. TCP: with a SYN whose sequence number is not that of the flow before it (as tshark numbers streams). UDP, ICMP:
 * with the first packet after `INACTIVITY_NS`. DHCP: one flow for each client's hardware address; its VM address is 0.0.0.0 until a server
 * offers one, its platform address 255.255.255.255 until a server answers.
 */
import { removeWhere } from "../bytes/remove-where.ts";
import type { CaptureRecord } from "../capture/record.ts";
import { decodeReassembled } from "../decode/decode-packet.ts";
import { isIcmpRejection } from "../decode/icmp.ts";
import { MalformedTally } from "../decode/malformed.ts";
import { type Packet, PacketKind } from "../decode/packet.ts";
import { Verdict } from "../decode/verdict.ts";
import {
  MAX_FLOWS,
  MAX_LIVE_FLOWS,
  MAX_LIVE_PACKETS,
  MAX_LOST_SEGMENT_PACKETS,
  MAX_PACKETS,
  MAX_SIGN_EXAMPLES,
} from "../limits.ts";
import { Defragmenter } from "./defragment.ts";
import { DuplicateFilter } from "./duplicates.ts";
import { FirstFragments } from "./first-fragments.ts";
import { FlowIndex } from "./flow-index.ts";
import { FlowSweep } from "./flow-sweep.ts";
import { FlowField, FlowFlag, FlowKind, FlowTable } from "./flow-table.ts";
import { IcmpErrors } from "./icmp-errors.ts";
import { FlowKey, isPlatform, keyOf, keyOfQuote, type PlatformAddresses } from "./key.ts";
import type { ConversationListener } from "./listener.ts";
import { NicTable } from "./nics.ts";
import { noteDhcpAddresses, openFlow } from "./open-flow.ts";
import { PacketMark } from "./packet-mark.ts";
import { PacketTable } from "./packet-table.ts";
import { PlatformSigns } from "./platform-signs.ts";
import { Streams } from "./streams.ts";
import { TcpTracker } from "./tcp.ts";
import { TranslationTracker } from "./translation.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Field = FlowField;
const State = FlowFlag;
const Kind = FlowKind;
const Layer = PacketKind;
const Mark = PacketMark;
const Judged = Verdict;

/** Silence after which a UDP or ICMP packet starts a new flow. Zeek's udp_inactivity_timeout and icmp_inactivity_timeout: one minute. */
export const INACTIVITY_NS: number = 60e9;

/** The same for DHCP, whose clients retry at growing intervals of up to about a minute (RFC 2131 section 4.1). */
export const DHCP_INACTIVITY_NS: number = 600e9;

/** Bit of a MAC's first byte, in the high half: a group address (IEEE 802). */
const GROUP_MAC = 0x0100;

/** How a tracker is made; what is left out has the limits' value. */
export interface TrackerOptions {
  /** The platform's addresses; may grow while packets are tracked. */
  addresses: PlatformAddresses;
  /** A live session: finished flows are released when the table is full, old packets are forgotten. */
  live?: boolean;
  maxFlows?: number;
  maxPackets?: number;
  /** For the flow index; drawn at random when left out. No result depends on it. */
  hashSeed?: number;
}

/** What tracking counts beside the flows' own counters. */
export interface TrackerCounters {
  /** Packets that were used: to or from a platform address, DHCP, and ICMP errors that quote either. Duplicates included. */
  platformPackets: number;
  duplicatePackets: number;
  /** Platform packets captured shorter than on the wire. */
  truncatedPackets: number;
  /** Platform packets with a header that could not be decoded. */
  packetsNotDecoded: number;
  /** Flows that were seen and are not in the table any more, or never were, because it was full. */
  flowsDropped: number;
}

/** A few packets that show a property of the capture, by index in the packet table. */
export interface TrackerExamples {
  readonly truncated: number[];
  readonly duplicates: number[];
  /** Packets that acknowledge what was not captured, not even late. */
  readonly lostSegments: { readonly flow: number; readonly packet: number }[];
}

/**
 * The conversations of one analysis. Packets come in the order of their sources' merged time. What a later stage reads are the tables: see
 * `FlowField`, `TcpField` and `SideField`, `PacketField`; `tcp` and the lists answer what takes more than a field.
 */
export class FlowTracker {
  readonly flows: FlowTable;
  readonly tcp: TcpTracker;
  readonly packets: PacketTable;
  readonly nics: NicTable = new NicTable();
  readonly icmpErrors: IcmpErrors = new IcmpErrors();
  readonly translations: TranslationTracker = new TranslationTracker();
  readonly signs: PlatformSigns = new PlatformSigns();
  /** Headers that contradict themselves or what encloses them. */
  readonly malformed: MalformedTally = new MalformedTally();
  readonly examples: TrackerExamples = { truncated: [], duplicates: [], lostSegments: [] };
  readonly counters: TrackerCounters = {
    platformPackets: 0,
    duplicatePackets: 0,
    truncatedPackets: 0,
    packetsNotDecoded: 0,
    flowsDropped: 0,
  };
  private readonly addresses: PlatformAddresses;
  private readonly listener: ConversationListener;
  private readonly index: FlowIndex;
  private readonly sweep: FlowSweep;
  private readonly streams: Streams;
  private readonly duplicates: DuplicateFilter = new DuplicateFilter();
  private readonly defragmenter: Defragmenter = new Defragmenter();
  private readonly firstFragments: FirstFragments = new FirstFragments();
  private readonly key: FlowKey = new FlowKey();
  /** Of the packet being taken in. */
  private source = 0;
  private interfaceIndex = 0;
  private nic = -1;
  private packetIndex = -1;
  private isTruncated = false;
  /** Not 0 before the first: V8 would take it for a small integer, and throw code away when the capture is two seconds old. */
  private atNs: number = Number.NaN;

  constructor(options: TrackerOptions, listener: ConversationListener) {
    const live = options.live === true;
    const maxFlows = options.maxFlows ?? (live ? MAX_LIVE_FLOWS : MAX_FLOWS);
    const maxPackets = options.maxPackets ?? (live ? MAX_LIVE_PACKETS : MAX_PACKETS);
    this.addresses = options.addresses;
    this.listener = listener;
    this.flows = new FlowTable(maxFlows);
    this.tcp = new TcpTracker(maxFlows);
    this.packets = new PacketTable(maxPackets, live ? "wrap" : "stop", this.flows);
    this.index = new FlowIndex(this.flows, options.hashSeed ?? Math.floor(Math.random() * 0x7fffffff));
    this.sweep = new FlowSweep(this.flows, this.tcp.table, live, INACTIVITY_NS);
    this.streams = new Streams(this.flows, listener);
  }

  /** Stream and fragment bytes that were not put together, because a buffer was full. */
  get bytesNotReassembled(): number {
    return this.streams.bytesNotReassembled + this.defragmenter.bytesNotReassembled;
  }

  /**
   * Takes in one decoded packet of `record`, of the source with this index. True when it counts as a platform packet. Nothing of the
   * record's block is kept; of a fragment that completes a datagram, `packet` describes the whole afterwards.
   */
  packet(packet: Packet, record: CaptureRecord, source: number): boolean {
    if (packet.kind === Layer.arp) {
      this.nics.observeArp(packet, source, record.interfaceIndex);
      return false;
    }
    const isError =
      (packet.kind === Layer.icmp || packet.kind === Layer.icmpv6) && keyOfQuote(packet, this.addresses, this.key);
    if (!isError && !keyOf(packet, this.addresses, this.key)) return false;
    const toPlatform = isError ? !this.key.toPlatform : this.key.toPlatform;
    this.counters.platformPackets++;
    this.source = source;
    this.interfaceIndex = record.interfaceIndex;
    this.atNs = record.timeNs;
    this.nic = this.nics.observe(packet, toPlatform, source, record.interfaceIndex);
    const isNew = this.keepPacket(packet, record, toPlatform);
    if (isError) this.icmpError(packet, isNew);
    else if (isNew) this.take(packet);
    else this.takeDuplicate();
    return true;
  }

  /** Nothing more comes: delivers what streams still hold and lets go of those that never ended. */
  finish(): void {
    this.streams.settle(Number.POSITIVE_INFINITY);
    for (let flow = 0; flow < this.flows.rows; flow++) {
      if (!this.flows.holds(flow)) continue;
      this.letGo(flow);
    }
  }

  /** Lets go of the flows of a live session that are `isOld`. */
  letGoWhere(isOld: (flow: number) => boolean): void {
    const { flows } = this;
    for (let flow = 0; flow < flows.rows; flow++) {
      // One for each client: they stay few, and their leases count to the end.
      if (!flows.holds(flow) || flows.int(flow, Field.kind) === Kind.dhcp) continue;
      if (isOld(flow)) this.release(flow);
    }
  }

  /** Nothing more is to be expected of the flow, whatever its age: it is over, or never had an answer. */
  mayGo(flow: number): boolean {
    return this.sweep.isOver(flow, Number.POSITIVE_INFINITY) || this.sweep.isUnanswered(flow);
  }

  /** Whether the conversation has come to its end: closed, reset, or silent for long, and no late packets are to be expected. */
  isOver(flow: number, nowNs: number): boolean {
    return this.sweep.isOver(flow, nowNs);
  }

  /** Keeps the packet's place, and counts what it is. False for a duplicate. */
  private keepPacket(packet: Packet, record: CaptureRecord, toPlatform: boolean): boolean {
    const { counters } = this;
    const index = this.packets.add();
    this.packetIndex = index;
    const captured = record.end - record.start;
    let marks = packet.verdict === Judged.malformed ? Mark.malformed : 0;
    if (packet.kind === Layer.fragment) marks |= Mark.fragment;
    if (packet.verdict === Judged.malformed || (packet.kind === Layer.otherIp && packet.problemCode >= 0))
      counters.packetsNotDecoded++;
    if (packet.verdict === Judged.malformed) this.malformed.note(packet.problemCode, packet.problemLayer, index);
    this.isTruncated = captured < record.wireBytes;
    if (this.isTruncated) {
      marks |= Mark.truncated;
      counters.truncatedPackets++;
      if (index >= 0 && this.examples.truncated.length < MAX_SIGN_EXAMPLES) this.examples.truncated.push(index);
    }
    const isDuplicate = this.duplicates.isDuplicate(
      packet,
      this.source,
      this.interfaceIndex,
      this.nic,
      index,
      this.atNs,
      toPlatform,
    );
    if (isDuplicate) {
      marks |= Mark.duplicate;
      counters.duplicatePackets++;
      this.nics.countCopy(this.duplicates.firstNic, this.nic);
      if (index >= 0 && this.examples.duplicates.length < MAX_SIGN_EXAMPLES) this.examples.duplicates.push(index);
    } else this.nics.countPacket(this.nic);
    if (index >= 0) {
      const isTcp = packet.kind === Layer.tcp;
      const hasPayload = isTcp || packet.kind === Layer.udp;
      this.packets.fill(
        index,
        record.timeNs,
        record.offset,
        record.frame,
        this.source,
        record.interfaceIndex,
        this.nic,
        toPlatform,
        isTcp ? packet.tcpFlags : 0,
        hasPayload ? packet.payloadBytes : 0,
        captured,
        record.wireBytes,
        marks,
      );
    }
    return !isDuplicate;
  }

  /** A packet that counts: its flow, and then what its protocol tells. */
  private take(packet: Packet): void {
    const { key } = this;
    const isFragment = packet.kind === Layer.fragment;
    let flow = -1;
    if (key.kind !== Kind.free) flow = this.flowOf(packet);
    else if (isFragment) flow = this.firstFragments.flowOf(packet, this.flows);
    if (flow >= 0) {
      this.count(flow, packet);
      if (isFragment && packet.fragmentOffset === 0) this.firstFragments.note(packet, flow, this.flows);
    }
    if (isFragment) this.takeFragment(packet, flow);
    else if (flow >= 0) this.takeWhole(flow, packet);
    if (!key.toPlatform && (key.kind !== Kind.dhcp || isPlatform(packet.source, 4, this.addresses)))
      this.noteSigns(packet, flow);
  }

  private noteSigns(packet: Packet, flow: number): void {
    const service = flow < 0 ? 0 : this.flows.int(flow, Field.service);
    const { sourceMacHigh, sourceMacLow, ttl, ipVersion } = packet;
    this.signs.note(sourceMacHigh, sourceMacLow, this.nic, ttl, ipVersion, service, this.packetIndex, flow);
  }

  /** A copy counts for nothing but its own counter. The NIC nearest to the wire is that of the latest copy to the platform, the earliest from it. */
  private takeDuplicate(): void {
    if (this.key.kind === Kind.free) return;
    const flow = this.index.find(this.key);
    if (flow < 0) return;
    this.flows.addInt(flow, Field.duplicatePackets, 1);
    if (this.nic >= 0) {
      if (this.key.toPlatform && this.duplicates.isLatest) this.flows.setInt(flow, Field.nicTo, this.nic);
      if (!this.key.toPlatform && this.duplicates.isEarliest) this.flows.setInt(flow, Field.nicFrom, this.nic);
    }
    if (this.packetIndex >= 0) this.packets.link(this.packetIndex, flow);
  }

  /** The flow that the packet belongs to, opened when there is none; -1 when the table has no room for it. */
  private flowOf(packet: Packet): number {
    const { key } = this;
    const older = this.index.find(key);
    if (older >= 0 && !this.startsAnew(older, packet)) return older;
    return this.open(packet, older);
  }

  private startsAnew(older: number, packet: Packet): boolean {
    const { key, flows } = this;
    if (key.kind === Kind.tcp) {
      if (packet.kind !== Layer.tcp) return false;
      return this.tcp.isNewConnection(flows.int(older, Field.tcp), key.toPlatform, packet);
    }
    const limitNs = key.kind === Kind.dhcp ? DHCP_INACTIVITY_NS : INACTIVITY_NS;
    return this.atNs - flows.double(older, Field.endedNs) > limitNs;
  }

  private open(packet: Packet, older: number): number {
    const { key, flows } = this;
    const { hash } = key;
    if (older >= 0) {
      this.letGo(older);
      flows.setInt(older, Field.flags, flows.int(older, Field.flags) | State.superseded);
    }
    let flow = flows.add();
    if (flow < 0) flow = this.makeRoom();
    if (flow < 0) {
      this.counters.flowsDropped++;
      return -1;
    }
    key.hash = hash;
    const row = key.kind === Kind.tcp ? this.tcp.open() : -1;
    openFlow(flows, flow, key, packet, row, this.atNs);
    this.index.add(flow, flows.holds(older) ? older : -1);
    if (older >= 0 && key.kind === Kind.tcp) this.packets.mark(this.packetIndex, Mark.portReused);
    if (this.listener.opened(flow)) flows.setInt(flow, Field.flags, flows.int(flow, Field.flags) | State.wanted);
    this.translations.opened(flow, key.toPlatform, packet, this.source, this.interfaceIndex, this.atNs);
    return flow;
  }

  /** Room for a flow in a full table: that of one that gives way, or none. */
  private makeRoom(): number {
    const victim = this.sweep.victim(this.atNs);
    if (victim < 0) return -1;
    this.counters.flowsDropped++;
    this.release(victim);
    return this.flows.add();
  }

  private release(flow: number): void {
    const { flows } = this;
    this.letGo(flow);
    this.listener.released(flow);
    this.streams.release(flow);
    this.packets.unlink(flow);
    if ((flows.int(flow, Field.flags) & State.icmpError) !== 0) this.icmpErrors.forget(flow);
    this.translations.released(flow);
    this.signs.released(flow);
    removeWhere(this.examples.lostSegments, (example) => example.flow === flow);
    this.index.remove(flow);
    const row = flows.int(flow, Field.tcp);
    if (row >= 0) this.tcp.release(row);
    flows.setInt(flow, Field.kind, Kind.free);
    flows.released++;
    flows.release(flow);
  }

  /** The flow's time is over: what its streams hold is delivered, and they are closed. */
  private letGo(flow: number): void {
    const { flows } = this;
    if ((flows.int(flow, Field.flags) & State.wanted) === 0) return;
    if (flows.int(flow, Field.kind) !== Kind.tcp) return;
    const last = flows.int(flow, Field.lastPacket);
    this.streams.end(flow, last, flows.double(flow, Field.endedNs), "let-go");
  }

  /** What every packet of a flow counts for. */
  private count(flow: number, packet: Packet): void {
    const { key, flows, atNs } = this;
    const view = flows.view(flow);
    const at = flows.at(flow);
    if (atNs > view.getFloat64(at + Field.endedNs, true)) view.setFloat64(at + Field.endedNs, atNs, true);
    if (atNs < view.getFloat64(at + Field.startedNs, true)) view.setFloat64(at + Field.startedNs, atNs, true);
    const to = key.toPlatform;
    const packets = at + (to ? Field.packetsTo : Field.packetsFrom);
    view.setInt32(packets, view.getInt32(packets, true) + 1, true);
    const bytes = at + (to ? Field.bytesTo : Field.bytesFrom);
    view.setFloat64(bytes, view.getFloat64(bytes, true) + packet.ipBytes, true);
    if (this.nic >= 0) view.setInt32(at + (to ? Field.nicTo : Field.nicFrom), this.nic, true);
    if (packet.vlan >= 0 && view.getInt32(at + Field.vlan, true) < 0) view.setInt32(at + Field.vlan, packet.vlan, true);
    if (!to && view.getInt32(at + Field.timeToLiveFrom, true) === 0)
      view.setInt32(at + Field.timeToLiveFrom, packet.ttl, true);
    noteMacs(view, at, to, packet);
    if (this.isTruncated)
      view.setInt32(at + Field.truncatedPackets, view.getInt32(at + Field.truncatedPackets, true) + 1, true);
    if (this.packetIndex >= 0) this.packets.link(this.packetIndex, flow);
  }

  private takeWhole(flow: number, packet: Packet): void {
    if (packet.kind === Layer.tcp) this.takeSegment(flow, packet);
    else if (packet.kind === Layer.udp) this.takeDatagram(flow, packet);
  }

  private takeSegment(flow: number, packet: Packet): void {
    const { packets, atNs, packetIndex } = this;
    const view = this.flows.view(flow);
    const at = this.flows.at(flow);
    const to = this.key.toPlatform;
    const initiator = view.getInt32(at + Field.initiator, true);
    const row = view.getInt32(at + Field.tcp, true);
    const marks = this.tcp.segment(row, to, packet, packetIndex, atNs, initiator);
    if (this.tcp.initiator !== initiator) view.setInt32(at + Field.initiator, this.tcp.initiator, true);
    if (this.tcp.freshBytes > 0) {
      const payload = at + (to ? Field.payloadTo : Field.payloadFrom);
      view.setFloat64(payload, view.getFloat64(payload, true) + this.tcp.freshBytes, true);
    }
    if (marks !== 0 && packetIndex >= 0) {
      packets.mark(packetIndex, marks);
      const { lostSegments } = this.examples;
      if ((marks & Mark.late) !== 0) this.noteLate(flow, to);
      if ((marks & Mark.acknowledgesUnseen) !== 0 && lostSegments.length < MAX_LOST_SEGMENT_PACKETS)
        lostSegments.push({ flow, packet: packetIndex });
    }
    if ((view.getInt32(at + Field.flags, true) & State.wanted) !== 0)
      this.streams.segment(flow, to, packet, packetIndex, atNs);
  }

  /** What was acknowledged early is there after all: the packets that did so show no loss. */
  private noteLate(flow: number, toPlatform: boolean): void {
    const { packets } = this;
    const { lostSegments } = this.examples;
    const first = this.tcp.holes.filledSince;
    if (first < 0) return;
    removeWhere(
      lostSegments,
      (one) => one.flow === flow && one.packet >= first && packets.toPlatform(one.packet) !== toPlatform,
    );
  }

  private takeDatagram(flow: number, packet: Packet): void {
    const { key, flows } = this;
    flows.addDouble(flow, key.toPlatform ? Field.payloadTo : Field.payloadFrom, packet.payloadBytes);
    if (key.kind === Kind.dhcp)
      noteDhcpAddresses(flows, flow, key, packet, isPlatform(packet.source, 4, this.addresses));
    if ((flows.int(flow, Field.flags) & State.wanted) === 0) return;
    const { view, payloadStart, payloadEnd, payloadBytes } = packet;
    const whole = payloadEnd - payloadStart >= payloadBytes;
    const { packetIndex, atNs } = this;
    this.listener.datagram(flow, key.toPlatform, packetIndex, atNs, view, payloadStart, payloadEnd, whole, packet);
  }

  /** Puts datagrams together. One that is whole belongs to the flow of its ports, which all fragments but the first lack. */
  private takeFragment(packet: Packet, fragmentFlow: number): void {
    const { defragmenter } = this;
    if (!defragmenter.add(packet, this.atNs)) return;
    packet.protocol = defragmenter.protocol;
    decodeReassembled(defragmenter.view, 0, defragmenter.end, packet, defragmenter.totalBytes);
    if (!keyOf(packet, this.addresses, this.key) || this.key.kind === Kind.free) return;
    const flow = this.flowOf(packet);
    if (flow < 0) return;
    if (fragmentFlow < 0) this.count(flow, packet);
    this.takeWhole(flow, packet);
  }

  private icmpError(packet: Packet, isNew: boolean): void {
    const { key, flows } = this;
    const { quoted } = packet;
    const flow = key.kind === Kind.free ? -1 : this.index.find(key);
    this.packets.mark(this.packetIndex, Mark.icmpError);
    if (flow >= 0 && this.packetIndex >= 0) this.packets.link(this.packetIndex, flow);
    if (!isNew) return;
    this.icmpErrors.add(packet, key, this.packetIndex, flow, this.atNs);
    if (flow < 0) return;
    flows.setInt(flow, Field.flags, flows.int(flow, Field.flags) | State.icmpError);
    const row = flows.int(flow, Field.tcp);
    if (row < 0 || !quoted.hasSequence) return;
    const version = packet.ipVersion === 6 ? 6 : 4;
    if (isIcmpRejection(version, packet.icmpType, packet.icmpCode))
      this.tcp.rejected(row, key.toPlatform, quoted.sequence);
  }
}

/** The first MAC of each side stays; a group's is nobody's own. */
function noteMacs(view: DataView, at: number, toPlatform: boolean, packet: Packet): void {
  if (packet.sourceMacHigh >= 0) {
    const high = at + (toPlatform ? Field.vmMacHigh : Field.platformMacHigh);
    if (view.getInt32(high, true) < 0) {
      view.setInt32(high, packet.sourceMacHigh, true);
      view.setInt32(high + 4, packet.sourceMacLow, true);
    }
  }
  if (packet.destinationMacHigh < 0 || (packet.destinationMacHigh & GROUP_MAC) !== 0) return;
  const high = at + (toPlatform ? Field.platformMacHigh : Field.vmMacHigh);
  if (view.getInt32(high, true) >= 0) return;
  view.setInt32(high, packet.destinationMacHigh, true);
  view.setInt32(high + 4, packet.destinationMacLow, true);
}
