/** One packet as a colleague would quote it: what evidence lists show beside the report. */
import type { PacketRef } from "./report.ts";

/** A packet in one line. Its texts are safe to print. */
export interface PacketLine {
  packet: PacketRef;
  /** RFC 3339 in UTC; null for a packet without a time. */
  at: string | null;
  /** Null when it is neither to nor from the platform. */
  toPlatform: boolean | null;
  /** "10.0.0.4:50312", an address, or a MAC. */
  from: string;
  to: string;
  /** "SYN", "PSH ACK 396 bytes", "DNS query A example.com", "DHCP OFFER 10.0.0.4", "HTTP GET /?comp=versions", ... */
  summary: string;
}

/** Looks packets up again. */
export interface PacketLines {
  /** Null when the packet is no longer held, or its source cannot be read a second time. */
  line(packet: PacketRef): PacketLine | null;
  /** The first packets of the flow with this id, `most` at most, in order of arrival. Empty when none is held. */
  ofFlow(flow: number, most: number): readonly PacketRef[];
}

/** For reports whose packets are not at hand, such as one that was read from JSON. */
export const NO_PACKET_LINES: PacketLines = { line: () => null, ofFlow: () => [] };
