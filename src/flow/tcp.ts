/**
 * One TCP segment after another: handshake and ending, Wireshark's sequence analysis, what waits for an acknowledgment, window closures and
 * options, all in the connection's row; and the questions that a finished or running connection answers.
 */
import type { Packet } from "../decode/packet.ts";
import { TcpFlag } from "../decode/tcp-flags.ts";
import { areSettled, nextStates } from "./conn-state.ts";
import { noteHandshake } from "./handshake.ts";
import { Outstanding } from "./outstanding.ts";
import { PacketMark } from "./packet-mark.ts";
import { PendingHoles } from "./pending-holes.ts";
import { type RoundTrip, RoundTrips } from "./round-trip.ts";
import { analyzeSequence, opensAnew } from "./sequence-analysis.ts";
import { SideField, TcpField, TcpSeen, TcpTable } from "./tcp-table.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Tcp = TcpField;
const Side = SideField;
const Seen = TcpSeen;
const Mark = PacketMark;
const Flag = TcpFlag;

const WINDOW_CLOSED = 4;
const CONTROL: number = Flag.syn | Flag.fin | Flag.rst;

/** Largest shift, RFC 7323 section 2.3. */
const MAX_WINDOW_SCALE = 14;

/** The TCP connections of one analysis. Directions are those of data: "to" was sent by the VM. */
export class TcpTracker {
  readonly table: TcpTable;
  /** Of the segment that `segment` took in last: who began the connection (`Initiator`), as is known by then; and payload not seen before. */
  initiator = 0;
  freshBytes = 0;
  readonly holes: PendingHoles = new PendingHoles();
  private readonly outstanding: Outstanding;
  private readonly roundTrips: RoundTrips;

  constructor(maxFlows: number) {
    this.table = new TcpTable(maxFlows);
    this.outstanding = new Outstanding(this.table);
    this.roundTrips = new RoundTrips(this.table);
  }

  /** Segments that were not waited for because too many were. */
  get segmentsNotTimed(): number {
    return this.outstanding.notKept;
  }

  /** A row for a new connection; -1 without room. */
  open(): number {
    const row = this.table.add();
    if (row < 0) return -1;
    this.table.setDouble(row, Tcp.handshakeNs, -1);
    for (const side of [Tcp.to, Tcp.from]) {
      this.table.setInt(row, side + Side.window, -1);
      this.table.setInt(row, side + Side.maxSegmentSize, -1);
      this.table.setInt(row, side + Side.windowScale, -1);
      this.table.setDouble(row, side + Side.longestZeroWindowNs, -1);
    }
    return row;
  }

  release(row: number): void {
    this.outstanding.release(row, Tcp.to);
    this.outstanding.release(row, Tcp.from);
    this.roundTrips.release(row);
    if (this.holes.count > 0) this.holes.release(row);
    this.table.release(row);
  }

  /** True when the segment is the SYN of another connection than the one in `row`. */
  isNewConnection(row: number, toPlatform: boolean, packet: Packet): boolean {
    if ((packet.tcpFlags & (Flag.syn | Flag.ack)) !== Flag.syn) return false;
    return opensAnew(this.table.view(row), this.table.at(row) + sideOf(toPlatform), packet);
  }

  /**
   * Takes in one segment, the packet of this index, and returns what it is: bits of `PacketMark`. `initiator` is who began the connection as far as was known, and
   * `this.initiator` as far as is known now.
   */
  segment(
    row: number,
    toPlatform: boolean,
    packet: Packet,
    packetIndex: number,
    atNs: number,
    initiator: number,
  ): number {
    const view = this.table.view(row);
    const at = this.table.at(row);
    const own = at + sideOf(toPlatform);
    const other = at + sideOf(!toPlatform);
    const flags = packet.tcpFlags;
    const isPlain = (flags & CONTROL) === 0 && (view.getInt32(at + Tcp.seen, true) & Seen.settled) !== 0;
    this.initiator = isPlain ? initiator : noteHandshake(view, at, own, initiator, toPlatform, flags, atNs);
    let marks = analyzeSequence(view, at, own, other, packet, atNs);
    if (marks !== 0) count(view, own, marks);
    if (!isPlain) noteLifetime(view, at, toPlatform, packet, atNs);
    noteWindow(view, own, packet, marks, atNs);
    if ((flags & Flag.syn) !== 0) noteOptions(view, own, packet);
    const lateBytes = this.holes.count === 0 ? 0 : this.takeBack(row, view, own, toPlatform, packet, atNs);
    if (lateBytes > 0) marks |= Mark.late;
    this.freshBytes = (flags & Flag.rst) === 0 ? this.noteSent(view, own, packet, marks, lateBytes, atNs) : 0;
    if ((flags & Flag.ack) === 0) return marks;
    return marks | this.noteAcknowledged(row, view, at, other, toPlatform, packet, packetIndex, atNs);
  }

  /** An ICMP error quoted a segment of the connection with this sequence number: notes when it was the SYN. */
  rejected(row: number, toPlatform: boolean, sequence: number): void {
    const seen = this.table.int(row, Tcp.seen);
    if ((seen & Seen.syn) === 0 || this.table.int(row, sideOf(toPlatform) + Side.baseSequence) !== (sequence | 0))
      return;
    this.table.setInt(row, Tcp.seen, seen | Seen.synRejected);
  }

  /** Null without a sample. */
  roundTrip(row: number): RoundTrip | null {
    return this.roundTrips.of(row);
  }

  /** Bytes of payload that the other side never acknowledged. */
  unacknowledgedBytes(row: number, toPlatform: boolean): number {
    const side = sideOf(toPlatform);
    if (this.table.int(row, side + Side.dataSegments) === 0) return 0;
    const left = (this.table.int(row, side + Side.dataEnd) - this.table.int(row, side + Side.leftEdge)) | 0;
    return Math.max(left, 0);
  }

  /** When such payload was first sent; null when there is none. */
  unacknowledgedSinceNs(row: number, toPlatform: boolean): number | null {
    return this.outstanding.dataSinceNs(row, sideOf(toPlatform));
  }

  /** How often such payload was sent again. */
  unacknowledgedRetransmissions(row: number, toPlatform: boolean): number {
    return this.outstanding.dataRepeats(row, sideOf(toPlatform));
  }

  /** Longest time that the window of the side that sends in this direction stayed closed, until `untilNs` if it still is; null when never. */
  longestZeroWindowNs(row: number, toPlatform: boolean, untilNs: number): number | null {
    const side = sideOf(toPlatform);
    let longest = this.table.double(row, side + Side.longestZeroWindowNs);
    if ((this.table.int(row, side + Side.known) & WINDOW_CLOSED) !== 0)
      longest = Math.max(longest, untilNs - this.table.double(row, side + Side.windowClosedNs), 0);
    return longest < 0 ? null : longest;
  }

  /** Payload not seen before. Fast-open data in a SYN stands after its sequence number. */
  private noteSent(
    view: DataView,
    own: number,
    packet: Packet,
    marks: number,
    lateBytes: number,
    atNs: number,
  ): number {
    const { payloadBytes, tcpFlags } = packet;
    const syn = (tcpFlags & Flag.syn) >> 1;
    const fin = tcpFlags & Flag.fin;
    if (payloadBytes + syn + fin === 0) return 0;
    const isRepeat = (marks & (Mark.retransmission | Mark.late)) === Mark.retransmission;
    if (payloadBytes > 0) notePayload(view, own, packet, isRepeat);
    if ((marks & Mark.keepAlive) !== 0) return 0;
    const start = packet.sequence | 0;
    const end = (start + payloadBytes + syn + fin) | 0;
    const isTimed = syn + payloadBytes > 0;
    const fresh = lateBytes + this.outstanding.sent(view, own, start, end, payloadBytes, isRepeat, isTimed, atNs);
    return fresh === 0 ? 0 : Math.max(Math.min(fresh - fin - syn, payloadBytes), 0);
  }

  /** What the segment brings late of what the other side acknowledged before: it was not lost. */
  private takeBack(
    row: number,
    view: DataView,
    own: number,
    toPlatform: boolean,
    packet: Packet,
    atNs: number,
  ): number {
    const { tcpFlags, payloadBytes } = packet;
    if ((tcpFlags & Flag.rst) !== 0) return 0;
    const start = packet.sequence | 0;
    const end = (start + payloadBytes + ((tcpFlags & Flag.syn) >> 1) + (tcpFlags & Flag.fin)) | 0;
    const edge = view.getInt32(own + Side.leftEdge, true);
    const bytes = this.holes.takeBack(row, toPlatform, start, end, edge, atNs);
    if (bytes > 0) view.setFloat64(own + Side.lostBytes, view.getFloat64(own + Side.lostBytes, true) - bytes, true);
    return bytes;
  }

  /** A RST's acknowledgment is believed only where it answers the SYN: others are often made up. Returns a mark, or 0. */
  private noteAcknowledged(
    row: number,
    view: DataView,
    at: number,
    other: number,
    toPlatform: boolean,
    packet: Packet,
    packetIndex: number,
    atNs: number,
  ): number {
    const ack = packet.acknowledgment | 0;
    if ((packet.tcpFlags & Flag.rst) !== 0) {
      if ((view.getInt32(at + Tcp.seen, true) & Seen.synReset) === 0) return 0;
      if (ack !== ((view.getInt32(other + Side.baseSequence, true) + 1) | 0)) return 0;
    }
    const roundTripNs = this.outstanding.acknowledged(view, other, ack, atNs);
    if (roundTripNs >= 0) this.roundTrips.add(row, roundTripNs);
    const { unseenBytes, unseenFrom } = this.outstanding;
    if (unseenBytes === 0) return 0;
    this.holes.note(row, !toPlatform, unseenFrom, unseenBytes, packetIndex, atNs);
    // Where nothing of the other side was captured, the capture leaves it out.
    return view.getInt32(other + Side.nextSequence, true) === 0 ? 0 : Mark.acknowledgesUnseen;
  }
}

function sideOf(toPlatform: boolean): number {
  return toPlatform ? Tcp.to : Tcp.from;
}

function count(view: DataView, own: number, marks: number): void {
  if ((marks & Mark.retransmission) !== 0) increase(view, own + Side.retransmissions);
  if ((marks & Mark.outOfOrder) !== 0) increase(view, own + Side.outOfOrder);
  if ((marks & Mark.duplicateAck) !== 0) increase(view, own + Side.duplicateAcks);
  if ((marks & Mark.zeroWindow) !== 0) increase(view, own + Side.zeroWindows);
  if ((marks & Mark.afterLostSegment) !== 0) increase(view, own + Side.lostSegments);
}

function increase(view: DataView, at: number): void {
  view.setInt32(at, view.getInt32(at, true) + 1, true);
}

function notePayload(view: DataView, own: number, packet: Packet, isRepeat: boolean): void {
  const { payloadBytes } = packet;
  const end = (packet.sequence + ((packet.tcpFlags & Flag.syn) >> 1) + payloadBytes) | 0;
  const segments = view.getInt32(own + Side.dataSegments, true);
  if (segments === 0 || ((end - view.getInt32(own + Side.dataEnd, true)) | 0) > 0)
    view.setInt32(own + Side.dataEnd, end, true);
  view.setInt32(own + Side.dataSegments, segments + 1, true);
  if (!isRepeat) return;
  const smallest = view.getInt32(own + Side.smallestRetransmitted, true);
  if (smallest === 0 || payloadBytes < smallest) view.setInt32(own + Side.smallestRetransmitted, payloadBytes, true);
}

/** Zeek's states and the first round trip; once neither can change, nor the handshake, the connection is settled. */
function noteLifetime(view: DataView, at: number, toPlatform: boolean, packet: Packet, atNs: number): void {
  const { tcpFlags, payloadBytes, sourcePort, destinationPort } = packet;
  const before = view.getInt32(at + Tcp.endpoints, true);
  const states = nextStates(before, toPlatform, tcpFlags, payloadBytes, sourcePort, destinationPort);
  view.setInt32(at + Tcp.endpoints, states, true);
  const seen = view.getInt32(at + Tcp.seen, true);
  const kind = tcpFlags & (Flag.syn | Flag.ack);
  if (kind === Flag.syn) {
    view.setFloat64(at + Tcp.lastSynNs, atNs, true);
    view.setInt32(at + Tcp.seen, seen | Seen.anySyn, true);
    return;
  }
  if ((seen & Seen.anySyn) === 0) return;
  let roundTripNs = view.getFloat64(at + Tcp.firstRoundTripNs, true);
  if (kind === Flag.ack && roundTripNs === 0) {
    roundTripNs = atNs - view.getFloat64(at + Tcp.lastSynNs, true);
    view.setFloat64(at + Tcp.firstRoundTripNs, roundTripNs, true);
  }
  if (roundTripNs !== 0 && (seen & Seen.handshakeAck) !== 0 && areSettled(states))
    view.setInt32(at + Tcp.seen, seen | Seen.settled, true);
}

/** A closed window is open again with the next segment that states another. SYN and RST segments state none that counts. */
function noteWindow(view: DataView, own: number, packet: Packet, marks: number, atNs: number): void {
  const known = view.getInt32(own + Side.known, true);
  if ((known & WINDOW_CLOSED) === 0) {
    if ((marks & Mark.zeroWindow) === 0) return;
    view.setInt32(own + Side.known, known | WINDOW_CLOSED, true);
    view.setFloat64(own + Side.windowClosedNs, atNs, true);
    return;
  }
  if (packet.window === 0 || (packet.tcpFlags & (Flag.syn | Flag.rst)) !== 0) return;
  view.setInt32(own + Side.known, known & ~WINDOW_CLOSED, true);
  const closedNs = atNs - view.getFloat64(own + Side.windowClosedNs, true);
  if (closedNs > view.getFloat64(own + Side.longestZeroWindowNs, true))
    view.setFloat64(own + Side.longestZeroWindowNs, closedNs, true);
}

function noteOptions(view: DataView, own: number, packet: Packet): void {
  if (packet.maxSegmentSize >= 0) view.setInt32(own + Side.maxSegmentSize, packet.maxSegmentSize, true);
  if (packet.windowScale >= 0)
    view.setInt32(own + Side.windowScale, Math.min(packet.windowScale, MAX_WINDOW_SCALE), true);
}
