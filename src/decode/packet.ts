/**
 * One packet's decoded layers: a single reused value, filled in place by `decodePacket` (decode-packet.ts).
 *
 * Numbers that are 32 bits on the wire (address words, low halves of MACs, sequence numbers, time stamps) are kept as *signed*
 * 32-bit integers: V8 keeps those in the object, and boxes larger ones. Compare them with `===`, take distances with
 * `(b - a) | 0`, and make them unsigned for text with `>>> 0`.
 *
 * Only what a layer has is reset: the TCP, ICMP and ARP fields hold an earlier packet's values unless `kind` names that layer.
 */
import { Verdict } from "./verdict.ts";

/** Which innermost layer `Packet` describes: the last one whose fixed header is there and makes sense. */
export const PacketKind = {
  /** Nothing that the analysis knows, or an IP header that is cut or makes no sense: its addresses are then told as far as they are there. */
  none: 0,
  tcp: 1,
  udp: 2,
  icmp: 3,
  icmpv6: 4,
  arp: 5,
  /** Any fragment, also the first, whose ports are filled when they are there. Put it together, then call `decodeReassembled`. */
  fragment: 6,
  /** IP with another protocol, or with a TCP, UDP or ICMP header that is cut or makes no sense; ports are filled when they are there. */
  otherIp: 7,
} as const;
export type PacketKind = (typeof PacketKind)[keyof typeof PacketKind];

/** An IP address as four signed 32-bit words; IPv4 stands in word 3 with words 0 to 2 zero, and `Packet.ipVersion` tells them apart. */
export class IpAddress {
  word0 = 0;
  word1 = 0;
  word2 = 0;
  word3 = 0;
}

/** What an ICMP error quotes of the packet that caused it. */
export class QuotedPacket {
  /** False when the message is no error or quotes too little to tell addresses; the other fields are then of an earlier packet. */
  present = false;
  /** IP protocol number of the quoted packet. */
  protocol = 0;
  source: IpAddress = new IpAddress();
  destination: IpAddress = new IpAddress();
  /** -1 when the quote ends before them, and for protocols other than TCP and UDP. */
  sourcePort = -1;
  destinationPort = -1;
  /** Whether `sequence` was quoted. */
  hasSequence = false;
  /** TCP sequence number, signed; 0 when it is not there. */
  sequence = 0;
}

/** Everything that flow tracking may know of one packet. Offsets are in `view`, and valid as long as it is. */
export class Packet {
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the captured packet starts in `view`, and its length on the wire. */
  start = 0;
  wireBytes = 0;
  kind: PacketKind = PacketKind.none;
  /** The worst verdict of any layer. `cut` without a problem: all headers are there, and the capture kept less than all payload. */
  verdict: Verdict = Verdict.whole;

  /**
   * What stopped or spoilt decoding, as in `Problem`: places in `PROBLEM_CODES`, `LAYERS` and `LENGTH_LIMITS`, and bytes. Of several
   * the worst, then the first. The code is -1 when there is none; the others are then of an earlier packet.
   */
  problemCode = -1;
  problemLayer = 0;
  problemOffset = 0;
  problemNeeded = 0;
  problemAvailable = 0;
  problemLimit = 0;

  /** Link layer. MACs as high 16 and low 32 bits (signed); -1 in the high half when the link type has none. */
  sourceMacHigh = -1;
  sourceMacLow = 0;
  destinationMacHigh = -1;
  destinationMacLow = 0;
  /** Outermost 802.1Q identifier; -1 without a tag. */
  vlan = -1;
  /** Interface index of a Linux cooked v2 header; -1 otherwise. */
  cookedInterface = -1;
  /** Packet type of a Linux cooked header: 0 to us, 1 broadcast, 2 multicast, 3 to another, 4 from us; -1 otherwise. */
  cookedType = -1;
  /** EtherType of the payload, after all tags, also for link types that say it in another way; -1 when it has none. */
  etherType = -1;
  /** The link layer's payload as captured, `[linkPayloadStart, linkPayloadEnd)`, and its length on the wire, padding included. */
  linkPayloadStart = 0;
  linkPayloadEnd = 0;
  linkPayloadBytes = 0;

  /** Network layer. 4, 6, or 0 without IP. */
  ipVersion = 0;
  source: IpAddress = new IpAddress();
  destination: IpAddress = new IpAddress();
  /** TTL or hop limit. */
  ttl = 0;
  /** IPv4 identification, or the IPv6 fragment header's (signed); 0 for IPv6 without one. */
  identification = 0;
  dontFragment = false;
  /** Bytes of the datagram's payload that come before this fragment; 0 for a first or an unfragmented one. */
  fragmentOffset = 0;
  moreFragments = false;
  /** IP protocol number of the innermost header reached. */
  protocol = 0;
  /** Length of the IP packet as stated on the wire (header included), at most what the frame had; the frame's when offload left it 0. */
  ipBytes = 0;
  /** Where the IP header starts, and its payload `[ipPayloadStart, ipPayloadEnd)`: min(stated, captured). */
  ipStart = 0;
  ipPayloadStart = 0;
  ipPayloadEnd = 0;
  /** Length of that payload on the wire, extension headers left out. */
  ipPayloadBytes = 0;

  /** Transport layer; -1 without ports. */
  sourcePort = -1;
  destinationPort = -1;
  /** Payload captured, `[payloadStart, payloadEnd)`, and its length as stated on the wire. That of IP when there is no transport. */
  payloadStart = 0;
  payloadEnd = 0;
  payloadBytes = 0;

  /** TCP: signed 32-bit numbers, nine flag bits (FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128, NS 256). */
  sequence = 0;
  acknowledgment = 0;
  tcpFlags = 0;
  /** As in the header, not scaled. */
  window = 0;
  /** Options; -1 when absent. The shift as sent: more than 14 counts as 14 (RFC 7323 section 2.3). */
  maxSegmentSize = -1;
  windowScale = -1;
  sackPermitted = false;
  /** Whether the time stamp option is there; its numbers are signed, and 0 when absent. */
  hasTimestamps = false;
  timestampValue = 0;
  timestampEcho = 0;
  /** Number of SACK blocks, and the first one's edges (signed); 0 without any. */
  sackBlocks = 0;
  sackLeft = 0;
  sackRight = 0;

  /** ICMP and ICMPv6. */
  icmpType = -1;
  icmpCode = -1;
  /** Next-hop MTU of "fragmentation needed" (RFC 1191; 0 from a router that does not tell) or "packet too big" (signed); -1 otherwise. */
  icmpMtu = -1;
  /** Identifier and sequence number of an echo or its reply; -1 otherwise. */
  icmpIdentifier = -1;
  icmpSequence = -1;
  quoted: QuotedPacket = new QuotedPacket();

  /** ARP (IPv4 over Ethernet): operation; sender and target in `source`/`destination` and the MACs below. */
  arpOperation = -1;
  arpSenderMacHigh = -1;
  arpSenderMacLow = 0;
  arpTargetMacHigh = -1;
  arpTargetMacLow = 0;
}

/** Makes `out` ready for a packet: everything but the TCP, ICMP and ARP fields, which their decoders reset. */
export function resetPacket(view: DataView, start: number, wireBytes: number, out: Packet): void {
  out.view = view;
  out.start = start;
  out.wireBytes = wireBytes;
  out.kind = PacketKind.none;
  out.verdict = Verdict.whole;
  out.problemCode = -1;
  resetLink(start, out);
  resetNetwork(start, out);
  resetTransport(start, out);
}

/** Ports and payload as they are when no transport header was decoded. */
export function resetTransport(start: number, out: Packet): void {
  out.sourcePort = -1;
  out.destinationPort = -1;
  out.payloadStart = start;
  out.payloadEnd = start;
  out.payloadBytes = 0;
}

function resetLink(start: number, out: Packet): void {
  out.sourceMacHigh = -1;
  out.sourceMacLow = 0;
  out.destinationMacHigh = -1;
  out.destinationMacLow = 0;
  out.vlan = -1;
  out.cookedInterface = -1;
  out.cookedType = -1;
  out.etherType = -1;
  out.linkPayloadStart = start;
  out.linkPayloadEnd = start;
  out.linkPayloadBytes = 0;
}

function resetNetwork(start: number, out: Packet): void {
  out.ipVersion = 0;
  clearAddress(out.source);
  clearAddress(out.destination);
  out.ttl = 0;
  out.identification = 0;
  out.dontFragment = false;
  out.fragmentOffset = 0;
  out.moreFragments = false;
  out.protocol = 0;
  out.ipBytes = 0;
  out.ipStart = start;
  out.ipPayloadStart = start;
  out.ipPayloadEnd = start;
  out.ipPayloadBytes = 0;
}

/** Makes `address` all zero. */
export function clearAddress(address: IpAddress): void {
  address.word0 = 0;
  address.word1 = 0;
  address.word2 = 0;
  address.word3 = 0;
}
