/**
 * Wireshark's TCP sequence analysis (`tcp.analysis.*`), decision by decision as in `tcp_analyze_sequence_number` of 4.0, so that counts can be
 * compared with it. Two quirks are its own: sequence number 0 stands for "none yet", and only the latest acknowledgment and window of a side
 * are known. What is found are bits of `PacketMark`; fast and spurious retransmissions are retransmissions.
 */
import type { Packet } from "../decode/packet.ts";
import { TcpFlag } from "../decode/tcp-flags.ts";
import { PacketMark } from "./packet-mark.ts";
import { SideField, TcpField } from "./tcp-table.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Side = SideField;
const Tcp = TcpField;
const Mark = PacketMark;
const Flag = TcpFlag;

/** Time after a duplicate ACK in which its segment sent again is a fast retransmission. */
const FAST_RETRANSMISSION_NS = 20e6;
/** Reordering is at most this late until the connection's own round trip is known. */
const DEFAULT_REORDERING_NS = 3e6;

const CONTROL: number = Flag.syn | Flag.fin | Flag.rst;

/**
 * Judges the segment in `packet` by the row that begins at `at` in `view`, and brings the row up to date. The sender's block of fields
 * begins at `own`, the other side's at `other`. The segment must not have opened a new connection on a row in use.
 */
export function analyzeSequence(
  view: DataView,
  at: number,
  own: number,
  other: number,
  packet: Packet,
  atNs: number,
): number {
  const flags = packet.tcpFlags;
  const sequence = packet.sequence | 0;
  const ack = packet.acknowledgment | 0;
  const { window, payloadBytes } = packet;
  let marks = noteInitialSequence(view, own, other, flags, sequence, ack);

  const nextSequence = view.getInt32(own + Side.nextSequence, true);
  const probe =
    payloadBytes === 1 && sequence === nextSequence && view.getInt32(other + Side.window, true) === 0
      ? Mark.zeroWindowProbe
      : 0;
  marks |=
    probe !== 0 ? probe : judgeSender(view, own, other, flags, sequence, ack, window, payloadBytes, nextSequence);

  if (ack !== view.getInt32(own + Side.lastAck, true)) view.setInt32(own + Side.duplicateAckRun, 0, true);
  if ((flags & Flag.ack) !== 0) marks |= judgeAck(view, other, ack);
  if (payloadBytes > 0 || (flags & (Flag.syn | Flag.fin)) !== 0) {
    if ((marks & Mark.keepAlive) === 0)
      marks |= judgeRepetition(view, at, own, other, flags, sequence, payloadBytes, nextSequence, atNs);
  }
  remember(view, own, flags, sequence, ack, window, payloadBytes, nextSequence, marks, atNs);
  return marks;
}

/** True when a SYN without ACK has another sequence number than the connection of this row began with: it opens a new one. */
export function opensAnew(view: DataView, own: number, packet: Packet): boolean {
  return (
    (view.getInt32(own + Side.known, true) & 1) !== 0 &&
    view.getInt32(own + Side.baseSequence, true) !== (packet.sequence | 0)
  );
}

/** Sets the base sequence numbers of both sides as far as this segment tells them. A SYN-ACK with a new one shows a port used again. */
function noteInitialSequence(
  view: DataView,
  own: number,
  other: number,
  flags: number,
  sequence: number,
  ack: number,
): number {
  let marks = 0;
  const known = view.getInt32(own + Side.known, true);
  const syn = (flags & Flag.syn) !== 0;
  if ((known & 1) === 0) {
    view.setInt32(own + Side.baseSequence, syn ? sequence : (sequence - 1) | 0, true);
    view.setInt32(own + Side.known, known | 1, true);
  } else if (syn && (flags & Flag.ack) === 0) {
    // A RST may have moved it: RFC 793 section 3.4 takes its sequence number from the acknowledgment.
    view.setInt32(own + Side.nextSequence, view.getInt32(own + Side.maxSequenceToBeAcked, true), true);
  } else if (syn && view.getInt32(own + Side.baseSequence, true) !== sequence) {
    view.setInt32(own + Side.baseSequence, sequence, true);
    marks = Mark.portReused;
  }
  const otherKnown = view.getInt32(other + Side.known, true);
  if ((otherKnown & 1) === 0 && (flags & Flag.ack) !== 0) {
    view.setInt32(other + Side.baseSequence, (ack - 1) | 0, true);
    view.setInt32(other + Side.known, otherKnown | 1, true);
  }
  return marks;
}

/** What the segment tells compared with its sender's previous one: holes, windows, keep-alives, duplicate ACKs. */
function judgeSender(
  view: DataView,
  own: number,
  other: number,
  flags: number,
  sequence: number,
  ack: number,
  window: number,
  payloadBytes: number,
  nextSequence: number,
): number {
  const control = flags & CONTROL;
  let marks = 0;
  if (window === 0 && control === 0) marks |= Mark.zeroWindow;
  if (nextSequence !== 0 && isBefore(nextSequence, sequence) && (flags & Flag.rst) === 0)
    marks |= Mark.afterLostSegment;
  if (control !== 0) return marks;
  if (payloadBytes <= 1 && sequence === ((nextSequence - 1) | 0)) marks |= Mark.keepAlive;
  if (payloadBytes > 0 || sequence !== nextSequence || ack !== view.getInt32(own + Side.lastAck, true)) return marks;

  // From here on: no payload, at the expected place, the same acknowledgment as before.
  const lastWindow = view.getInt32(own + Side.window, true);
  if (window !== lastWindow) return window === 0 ? marks : marks | Mark.windowUpdate;
  if (window === 0) return marks;
  // The answer to a keep-alive repeats the last acknowledgment too.
  if ((view.getInt32(other + Side.lastMarks, true) & Mark.keepAlive) !== 0) return marks;
  const run = view.getInt32(own + Side.duplicateAckRun, true);
  view.setInt32(own + Side.duplicateAckRun, run === -1 ? 1 : run + 1, true);
  return marks | Mark.duplicateAck;
}

/** Whether `ack` acknowledges what the capture never saw of the other side; told once for each hole. */
function judgeAck(view: DataView, other: number, ack: number): number {
  const limit = view.getInt32(other + Side.maxSequenceToBeAcked, true);
  if (limit === 0 || !isBefore(limit, ack)) return 0;
  const nextSequence = view.getInt32(other + Side.nextSequence, true);
  if (isBefore(limit, nextSequence)) {
    view.setInt32(other + Side.maxSequenceToBeAcked, nextSequence, true);
    return Mark.afterLostSegment;
  }
  const isFirst = view.getInt32(other + Side.duplicateAckRun, true) === 0;
  view.setInt32(other + Side.duplicateAckRun, -1, true);
  return isFirst ? Mark.afterLostSegment : 0;
}

/** A segment that takes up sequence space without going beyond what was sent is a retransmission or out of order. */
function judgeRepetition(
  view: DataView,
  at: number,
  own: number,
  other: number,
  flags: number,
  sequence: number,
  payloadBytes: number,
  nextSequence: number,
  atNs: number,
): number {
  const lastAck = view.getInt32(other + Side.lastAck, true);
  const end = (sequence + payloadBytes) | 0;
  if (payloadBytes > 0 && lastAck !== 0 && !isBefore(lastAck, end)) return Mark.retransmission;
  // One byte back with more than that byte: what a zero window probe sent, and new data.
  if (payloadBytes > 1 && ((nextSequence - 1) | 0) === sequence) return 0;
  if (nextSequence === 0 || !isBefore(sequence, nextSequence)) return 0;

  // The run is unsigned to Wireshark: -1 is a long one.
  if (view.getInt32(other + Side.duplicateAckRun, true) >>> 0 >= 2 && lastAck === sequence) {
    const sinceAckNs = atNs - view.getFloat64(other + Side.lastPacketNs, true);
    if (sinceAckNs >= 0 && sinceAckNs < FAST_RETRANSMISSION_NS) return Mark.retransmission;
  }
  const sinceHighestNs = atNs - view.getFloat64(own + Side.nextSequenceNs, true);
  const roundTripNs = view.getFloat64(at + Tcp.firstRoundTripNs, true);
  const limitNs = roundTripNs === 0 ? DEFAULT_REORDERING_NS : roundTripNs;
  const phantom = (flags & (Flag.syn | Flag.fin)) !== 0 ? 1 : 0;
  const isEarlier = nextSequence !== ((end + phantom) | 0);
  return sinceHighestNs >= 0 && sinceHighestNs < limitNs && isEarlier ? Mark.outOfOrder : Mark.retransmission;
}

/** Brings the sender's side up to date. */
function remember(
  view: DataView,
  own: number,
  flags: number,
  sequence: number,
  ack: number,
  window: number,
  payloadBytes: number,
  nextSequence: number,
  marks: number,
  atNs: number,
): void {
  const phantom = (flags & (Flag.syn | Flag.fin)) !== 0 ? 1 : 0;
  const end = (sequence + payloadBytes + phantom) | 0;
  const isProbe = (marks & Mark.zeroWindowProbe) !== 0;
  let highest = nextSequence;
  if ((nextSequence === 0 || isBefore(nextSequence, end)) && !isProbe) {
    highest = end;
    view.setInt32(own + Side.nextSequence, end, true);
    view.setFloat64(own + Side.nextSequenceNs, atNs, true);
  }
  const limit = view.getInt32(own + Side.maxSequenceToBeAcked, true);
  if ((limit === 0 || limit === sequence) && !isProbe) view.setInt32(own + Side.maxSequenceToBeAcked, highest, true);
  view.setInt32(own + Side.window, window, true);
  view.setInt32(own + Side.lastAck, ack, true);
  view.setFloat64(own + Side.lastPacketNs, atNs, true);
  view.setInt32(own + Side.lastMarks, marks, true);
}

/** Sequence numbers wrap: RFC 9293 section 3.4. */
function isBefore(one: number, other: number): boolean {
  return ((one - other) | 0) < 0;
}
