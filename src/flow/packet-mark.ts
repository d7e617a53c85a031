/** What the analysis says of a single packet: bits of one number in the packet table. */
export const PacketMark = {
  retransmission: 0x1,
  outOfOrder: 0x2,
  duplicateAck: 0x4,
  zeroWindow: 0x8,
  /** A segment before this one was acknowledged or skipped without being captured. */
  afterLostSegment: 0x10,
  keepAlive: 0x20,
  windowUpdate: 0x40,
  portReused: 0x80,
  /** The same packet seen again on another interface. */
  duplicate: 0x100,
  /** Captured shorter than on the wire. */
  truncated: 0x200,
  /** A header could not be decoded. */
  malformed: 0x400,
  zeroWindowProbe: 0x800,
  /** An ICMP error that quotes this flow. */
  icmpError: 0x1000,
  /** Part of a fragmented datagram. */
  fragment: 0x2000,
  /** Acknowledges what the capture had not shown by then. */
  acknowledgesUnseen: 0x4000,
  /** Holds what was acknowledged a moment before, by an earlier packet of the capture: not sent again, whatever it looks like. */
  late: 0x8000,
} as const;
