/**
 * One row for each TCP flow: what its handshake, ending and segments told, and the state that judging the next segment needs.
 * Sequence numbers are signed 32-bit; compare them by the sign of `(a - b) | 0`.
 */
import { RowTable } from "./row-table.ts";

/** Bits of `TcpField.seen`. "Initiator" is the sender of the SYN, or who received a SYN-ACK; until then the side that sent first. */
export const TcpSeen = {
  /** The roles are known: `FlowField.initiator` is that of the handshake. */
  roles: 1,
  /** The initiator's SYN. */
  syn: 2,
  synAck: 4,
  /** An ACK of the initiator after its SYN: the handshake is complete, also when the SYN-ACK was not captured. */
  handshakeAck: 8,
  finByVm: 0x10,
  finByPlatform: 0x20,
  /** The first FIN was the VM's, or the platform's. */
  firstFinByVm: 0x40,
  firstFinByPlatform: 0x80,
  /** A RST, and the first one. */
  resetByVm: 0x100,
  resetByPlatform: 0x200,
  firstResetByVm: 0x400,
  firstResetByPlatform: 0x800,
  /** A RST of the other side, before any SYN-ACK, answered the SYN. */
  synReset: 0x1000,
  /** An ICMP error (other than one about size) quoted the SYN. */
  synRejected: 0x2000,
  /** Both sides had sent FIN before the first RST. */
  closedBeforeReset: 0x4000,
  /** A SYN without ACK, of either side: `lastSynNs` is known. */
  anySyn: 0x8000,
  /** The handshake is complete and timed: a segment without SYN, FIN or RST has nothing more to tell of it. */
  settled: 0x10000,
} as const;

/** Byte offsets of the fields that both directions share. Doubles: those that end in `Ns`; all others are 32-bit integers. */
export const TcpField = {
  /** The initiator's first SYN (when `TcpSeen.syn`), and the latest SYN without ACK of either side (when `TcpSeen.anySyn`). */
  synNs: 0,
  lastSynNs: 8,
  /** Latest SYN to the first ACK that is no SYN; 0 until then. The limit for telling reordering from retransmission, as in Wireshark. */
  firstRoundTripNs: 16,
  /** First SYN to the ACK that completes the handshake; -1 until both were seen. */
  handshakeNs: 24,
  /** Smallest and largest round-trip sample; meaningful when `roundTrips` is not 0. */
  roundTripMinNs: 32,
  roundTripMaxNs: 40,
  /** The first samples, four doubles; see `round-trip.ts`. */
  roundTripSamples: 48,
  /** Samples taken. */
  roundTrips: 80,
  /** Row of further samples, plus one; 0 without. */
  roundTripMore: 84,
  /** `TcpSeen` bits. */
  seen: 88,
  /** SYNs beyond the first, and SYN-ACKs in all. */
  synRetransmissions: 92,
  synAcks: 96,
  /** Zeek's endpoint states: the initiator's in the low, the other's in the next four bits; see `conn-state.ts`. */
  endpoints: 100,
  /** Start of the block of fields for data sent to the platform, and of that for data from it: add a `SideField`. */
  to: 104,
  from: 240,
} as const;

/**
 * Byte offsets in the block of one direction: what its sender sent, and what the other side acknowledged of it.
 * Doubles: `...Ns` and `lostBytes`; all others are 32-bit integers.
 */
export const SideField = {
  /** When `nextSequence` last rose, and when the sender's latest packet came. */
  nextSequenceNs: 0,
  lastPacketNs: 8,
  /** Since when the sender's own receive window is closed (meaningful when `windowClosed`), and the longest such time that ended; -1 without. */
  windowClosedNs: 16,
  longestZeroWindowNs: 24,
  /** Bytes that the other side acknowledged and the capture never saw. */
  lostBytes: 32,
  /** Initial sequence number, or one before the first seen; meaningful when `known` has 1. */
  baseSequence: 40,
  /** Highest sequence number after a segment; 0 until there is one. */
  nextSequence: 44,
  /** Acknowledgment number of the latest packet, 0 until there is one. */
  lastAck: 48,
  /** Beyond this an acknowledgment of the other side means that packets were not captured. */
  maxSequenceToBeAcked: 52,
  /** Window field of the latest packet, unscaled; -1 until there is one. */
  window: 56,
  /** Run of duplicate ACKs; -1 after an acknowledgment of what was not captured. */
  duplicateAckRun: 60,
  /** Wireshark's flags of the latest packet, as far as the next one needs them. */
  lastMarks: 64,
  /** Bits: 1 `baseSequence` is known, 2 `leftEdge` is known, 4 the window is closed. */
  known: 68,
  /** Segments with payload, retransmissions and keep-alives included. */
  dataSegments: 72,
  /** As Wireshark counts: fast and spurious ones, and SYN and FIN, included. */
  retransmissions: 76,
  outOfOrder: 80,
  duplicateAcks: 84,
  zeroWindows: 88,
  /** This side's packets that come after a hole, or acknowledge what was not captured of the other side. */
  lostSegments: 92,
  /** End of the payload sent so far; meaningful when `dataSegments` is not 0. */
  dataEnd: 96,
  /** Highest acknowledgment of the other side, or where the data seen begins. */
  leftEdge: 100,
  /** Segments that wait for an acknowledgment: first and last row in the outstanding table, plus one (0: none), and their number. */
  firstOutstanding: 104,
  lastOutstanding: 108,
  outstanding: 112,
  /** Largest payload of a segment that was acknowledged without a retransmission, smallest of a retransmission; 0 without. */
  largestAcknowledged: 116,
  smallestRetransmitted: 120,
  /** Options of this side's SYN or SYN-ACK; -1 without. */
  maxSegmentSize: 124,
  windowScale: 128,
} as const;

export const TCP_BYTES = 376;

/** The TCP table: `TcpField` and `SideField` tell what a row holds. */
export class TcpTable extends RowTable {
  constructor(maxFlows: number) {
    super(TCP_BYTES, maxFlows);
  }

  /** A field of the block of one direction. */
  sideInt(row: number, toPlatform: boolean, field: number): number {
    return this.int(row, (toPlatform ? TcpField.to : TcpField.from) + field);
  }

  sideDouble(row: number, toPlatform: boolean, field: number): number {
    return this.double(row, (toPlatform ? TcpField.to : TcpField.from) + field);
  }
}
