/** One packet's decoded layers: a single reused value, filled in place by `decodePacket`. */
import { Verdict } from "./verdict.ts";

/** Which innermost layer `Packet` describes. */
export const PacketKind = {
  /** Nothing that the analysis knows. */
  none: 0,
  tcp: 1,
  udp: 2,
  icmp: 3,
  icmpv6: 4,
  arp: 5,
  /** A fragment that is not the first, or a first one whose rest is missing: ports may be unknown until it is put together. */
  fragment: 6,
  /** IP with another protocol. */
  otherIp: 7,
} as const;
export type PacketKind = (typeof PacketKind)[keyof typeof PacketKind];

/** An IP address as four 32-bit words; IPv4 stands in word 3 with words 0 to 2 zero, and `Packet.ipVersion` tells them apart. */
export class IpAddress {
  word0 = 0;
  word1 = 0;
  word2 = 0;
  word3 = 0;
}

/** What an ICMP error quotes of the packet that caused it. */
export class QuotedPacket {
  /** False when the message is no error or quotes too little to tell addresses. */
  present = false;
  /** IP protocol number of the quoted packet. */
  protocol = 0;
  source: IpAddress = new IpAddress();
  destination: IpAddress = new IpAddress();
  /** -1 when the quote ends before them. */
  sourcePort = -1;
  destinationPort = -1;
  /** TCP sequence number of the quote, unsigned; -1 when it is not there. */
  sequence = -1;
}

/** Everything that flow tracking may know of one packet. All offsets are in `view`; reset before each packet. */
export class Packet {
  view: DataView = new DataView(new ArrayBuffer(0));
  kind: PacketKind = PacketKind.none;
  /** The worst verdict of any layer. */
  verdict: Verdict = Verdict.whole;

  /** Link layer. MACs as high 16 and low 32 bits; -1 in the high half when the link type has none. */
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

  /** Network layer. 4, 6, or 0 without IP. */
  ipVersion = 0;
  source: IpAddress = new IpAddress();
  destination: IpAddress = new IpAddress();
  /** TTL or hop limit. */
  ttl = 0;
  /** IPv4 identification, or the IPv6 fragment header's; -1 without one. */
  identification = -1;
  dontFragment = false;
  /** Bytes of the datagram's payload that come before this fragment; 0 for a first or an unfragmented one. */
  fragmentOffset = 0;
  moreFragments = false;
  /** IP protocol number of the innermost header reached. */
  protocol = 0;
  /** Length of the IP packet as stated on the wire (header included); from the record's wire length when offload left it 0. */
  ipBytes = 0;
  /** Where the IP header starts, and its payload `[ipPayloadStart, ipPayloadEnd)`: min(stated, captured). */
  ipStart = 0;
  ipPayloadStart = 0;
  ipPayloadEnd = 0;

  /** Transport layer; -1 without ports. */
  sourcePort = -1;
  destinationPort = -1;
  /** Payload captured, `[payloadStart, payloadEnd)`, and its length as stated on the wire. */
  payloadStart = 0;
  payloadEnd = 0;
  payloadBytes = 0;

  /** TCP: unsigned 32-bit numbers, nine flag bits (FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128, NS 256). */
  sequence = 0;
  acknowledgment = 0;
  tcpFlags = 0;
  window = 0;
  /** Options; -1 when absent. */
  maxSegmentSize = -1;
  windowScale = -1;
  timestampValue = -1;
  timestampEcho = -1;
  sackPermitted = false;
  /** Number of SACK blocks, and the first one's edges; 0 without any. */
  sackBlocks = 0;
  sackLeft = 0;
  sackRight = 0;

  /** ICMP and ICMPv6. */
  icmpType = -1;
  icmpCode = -1;
  /** Next-hop MTU of "fragmentation needed" (RFC 1191) or "packet too big"; -1 otherwise. */
  icmpMtu = -1;
  /** Identifier of an echo; -1 otherwise. */
  icmpIdentifier = -1;
  quoted: QuotedPacket = new QuotedPacket();

  /** ARP (IPv4 over Ethernet): operation; sender and target in `source`/`destination` and the MACs below; -1 otherwise. */
  arpOperation = -1;
  arpSenderMacHigh = -1;
  arpSenderMacLow = 0;
  arpTargetMacHigh = -1;
  arpTargetMacLow = 0;
}
