/**
 * The place and the essentials of each platform packet: what evidence needs to find it again. Packet indexes count up from 0 in order of
 * arrival and never change their meaning; a table that wraps forgets the oldest.
 */
import { FlowField, type FlowTable } from "./flow-table.ts";
import { RowTable } from "./row-table.ts";

/** Byte offsets of a packet's fields. `atNs` and `offset` are doubles, all others 32-bit integers. */
const Field = {
  /** Nanoseconds from the time base. */
  atNs: 0,
  /** Of the first captured byte in the decompressed source. */
  offset: 8,
  /** 1-based number within the source, as an unsigned integer. */
  frame: 16,
  /** Flow; -1 without one. */
  flow: 20,
  /** Next packet of the flow; -1 for its last. */
  next: 24,
  /** `PacketMark` in the low 16 bits, TCP flags above them, then `TO_PLATFORM`. */
  marks: 28,
  /** Payload bytes as stated on the wire (at most 16,777,215) in the low 24 bits, NIC above them (255: unknown). */
  payload: 32,
  capturedBytes: 36,
} as const;

const PACKET_BYTES = 40;

/** What is the same for most packets of most captures, and takes memory from the first packet on for which it is not. 32-bit integers. */
const OddField = {
  /** Source in the high, interface of that source in the low 16 bits. */
  place: 0,
  /** As an unsigned integer; 0 when it is as much as was captured. */
  wireBytes: 4,
} as const;

const ODD_BYTES = 8;

const FIRST_PACKET = FlowField.firstPacket;
const LAST_PACKET = FlowField.lastPacket;

const MARK_MASK = 0xffff;
const TCP_FLAGS_SHIFT = 16;
const TCP_FLAGS_MASK = 0x1ff;
const TO_PLATFORM: number = 1 << 25;
const PAYLOAD_MASK = 0xffffff;
const NIC_SHIFT = 24;
const NO_NIC = 0xff;

/** What happens at the bound: offline further packets are not kept, live the oldest are forgotten. */
export type PacketTableBound = "stop" | "wrap";

/** The packets of one analysis. */
export class PacketTable {
  /** As given, but a power of two when the table wraps. */
  readonly maxPackets: number;
  /** Packets ever kept: every index is below it. */
  count = 0;
  /** Oldest index that is still held. */
  first = 0;
  /** Packets that were not kept because the table was full ("stop"). */
  notKept = 0;
  private readonly wraps: boolean;
  /** Row of a packet: its index, less the rounds of a table that wraps. */
  private readonly mask: number;
  private readonly rows: RowTable;
  /** `OddField`s of the rows that have a page here; those of the others are 0. */
  private readonly odd: RowTable;
  private readonly flows: FlowTable;

  constructor(maxPackets: number, bound: PacketTableBound, flows: FlowTable) {
    this.wraps = bound === "wrap";
    const rows = this.wraps ? 2 ** Math.ceil(Math.log2(maxPackets)) : maxPackets;
    this.mask = this.wraps ? rows - 1 : 0x7fffffff;
    this.maxPackets = rows;
    this.rows = new RowTable(PACKET_BYTES, rows);
    this.odd = new RowTable(ODD_BYTES, rows);
    this.flows = flows;
  }

  /** True while the packet can be told about. */
  holds(packet: number): boolean {
    return packet >= this.first && packet < this.count;
  }

  /** Room for one more packet: its index; -1 when it is not kept. The caller fills it with `fill` and may link it with `link`. */
  add(): number {
    if (this.wraps) {
      if (this.count - this.first === this.maxPackets) this.forgetOldest();
      this.rows.enter(this.count);
    } else if (this.rows.add() < 0) {
      this.notKept++;
      return -1;
    }
    return this.count++;
  }

  /** Sets every field of `packet`. `nic` is -1 when unknown. The packet belongs to no flow until it is linked to one. */
  fill(
    packet: number,
    atNs: number,
    offset: number,
    frame: number,
    source: number,
    interfaceIndex: number,
    nic: number,
    toPlatform: boolean,
    tcpFlags: number,
    payloadBytes: number,
    capturedBytes: number,
    wireBytes: number,
    marks: number,
  ): void {
    const row = packet & this.mask;
    const view = this.rows.view(row);
    const at = this.rows.at(row);
    view.setFloat64(at + Field.atNs, atNs, true);
    view.setFloat64(at + Field.offset, offset, true);
    view.setInt32(at + Field.frame, frame, true);
    view.setInt32(at + Field.flow, -1, true);
    view.setInt32(at + Field.next, -1, true);
    const direction = toPlatform ? TO_PLATFORM : 0;
    view.setInt32(at + Field.marks, marks | ((tcpFlags & TCP_FLAGS_MASK) << TCP_FLAGS_SHIFT) | direction, true);
    const shownPayload = Math.min(payloadBytes, PAYLOAD_MASK);
    view.setInt32(at + Field.payload, shownPayload | ((nic < 0 ? NO_NIC : nic) << NIC_SHIFT), true);
    view.setInt32(at + Field.capturedBytes, capturedBytes, true);
    const place = (source << 16) | (interfaceIndex & 0xffff);
    if (place !== 0 || wireBytes !== capturedBytes || this.odd.hasPage(row)) this.fillOdd(row, place, wireBytes);
  }

  private fillOdd(row: number, place: number, wireBytes: number): void {
    const { odd } = this;
    odd.enter(row);
    odd.setInt(row, OddField.place, place);
    odd.setInt(row, OddField.wireBytes, wireBytes);
  }

  /** Puts `packet` at the end of the chain of `flow`. */
  link(packet: number, flow: number): void {
    const row = packet & this.mask;
    this.rows.view(row).setInt32(this.rows.at(row) + Field.flow, flow, true);
    const view = this.flows.view(flow);
    const at = this.flows.at(flow);
    const last = view.getInt32(at + LAST_PACKET, true);
    if (last >= this.first) this.rows.setInt(last & this.mask, Field.next, packet);
    else view.setInt32(at + FIRST_PACKET, packet, true);
    view.setInt32(at + LAST_PACKET, packet, true);
  }

  /** Forgets which flow the packets of `flow` belong to, before its row is used for another. */
  unlink(flow: number): void {
    let packet = this.flows.int(flow, FIRST_PACKET);
    while (this.holds(packet)) {
      const row = packet & this.mask;
      packet = this.rows.int(row, Field.next);
      this.rows.setInt(row, Field.flow, -1);
      this.rows.setInt(row, Field.next, -1);
    }
  }

  /** Adds `PacketMark` bits. */
  mark(packet: number, marks: number): void {
    if (!this.holds(packet)) return;
    const row = packet & this.mask;
    this.rows.setInt(row, Field.marks, this.rows.int(row, Field.marks) | (marks & MARK_MASK));
  }

  /** First packet of a flow's chain that is still held; -1 when none is. Duplicates and ICMP errors stand in the chain, marked. */
  firstOf(flow: number): number {
    const packet = this.flows.int(flow, FIRST_PACKET);
    return this.holds(packet) ? packet : -1;
  }

  /** The packet after `packet` in its flow's chain; -1 after the last. */
  nextOf(packet: number): number {
    const next = this.int(packet, Field.next);
    return this.holds(next) ? next : -1;
  }

  atNs(packet: number): number {
    return this.rows.double(packet & this.mask, Field.atNs);
  }

  offset(packet: number): number {
    return this.rows.double(packet & this.mask, Field.offset);
  }

  frame(packet: number): number {
    return this.int(packet, Field.frame) >>> 0;
  }

  source(packet: number): number {
    return this.oddInt(packet, OddField.place) >>> 16;
  }

  interfaceIndex(packet: number): number {
    return this.oddInt(packet, OddField.place) & 0xffff;
  }

  /** -1 without one. */
  flow(packet: number): number {
    return this.int(packet, Field.flow);
  }

  marks(packet: number): number {
    return this.int(packet, Field.marks) & MARK_MASK;
  }

  /** As in the header; 0 for others than TCP. */
  tcpFlags(packet: number): number {
    return (this.int(packet, Field.marks) >>> TCP_FLAGS_SHIFT) & TCP_FLAGS_MASK;
  }

  toPlatform(packet: number): boolean {
    return (this.int(packet, Field.marks) & TO_PLATFORM) !== 0;
  }

  /** As stated on the wire. */
  payloadBytes(packet: number): number {
    return this.int(packet, Field.payload) & PAYLOAD_MASK;
  }

  /** Index in the NIC table; -1 when unknown. */
  nic(packet: number): number {
    const nic = this.int(packet, Field.payload) >>> NIC_SHIFT;
    return nic === NO_NIC ? -1 : nic;
  }

  capturedBytes(packet: number): number {
    return this.int(packet, Field.capturedBytes);
  }

  wireBytes(packet: number): number {
    const wireBytes = this.oddInt(packet, OddField.wireBytes) >>> 0;
    return wireBytes === 0 ? this.capturedBytes(packet) : wireBytes;
  }

  private int(packet: number, field: number): number {
    return this.rows.int(packet & this.mask, field);
  }

  private oddInt(packet: number, field: number): number {
    const row = packet & this.mask;
    return this.odd.hasPage(row) ? this.odd.int(row, field) : 0;
  }

  /** Forgets the oldest packets, as long as they came before `beforeNs` and more than `least` are held. */
  forgetBefore(beforeNs: number, least: number): void {
    while (this.count - this.first > least && this.atNs(this.first) < beforeNs) this.forgetOldest();
  }

  /** The packet that leaves is always the first that its flow still has: a flow's chain is in order of arrival. */
  private forgetOldest(): void {
    const row = this.first & this.mask;
    const flow = this.rows.int(row, Field.flow);
    if (flow >= 0) this.flows.setInt(flow, FIRST_PACKET, this.rows.int(row, Field.next));
    this.rows.leave(this.first, this.count);
    if (this.odd.hasPage(row)) this.odd.leave(this.first, this.count);
    this.first++;
  }
}
