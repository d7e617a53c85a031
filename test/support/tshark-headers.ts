/** The headers of a packet in one shape, as tshark tells them and as `decodePacket` does. */
import { ipv4Text, ipv6Text, macText } from "../../src/bytes/address.ts";
import { type IpAddress, type Packet, PacketKind } from "../../src/decode/packet.ts";
import { tsharkFields } from "./tshark.ts";

/** Null for what the packet does not have. */
export type Headers = Record<string, string | number | null>;

/** Our name of each header field, and tshark's. */
const FIELDS = {
  sourceMac: "eth.src",
  destinationMac: "eth.dst",
  serviceVlan: "ieee8021ad.id",
  vlan: "vlan.id",
  cookedMac: "sll.src.eth",
  cookedType: "sll.pkttype",
  cookedInterface: "sll.ifindex",
  source4: "ip.src",
  destination4: "ip.dst",
  source6: "ipv6.src",
  destination6: "ipv6.dst",
  ttl4: "ip.ttl",
  ttl6: "ipv6.hlim",
  ipBytes4: "ip.len",
  ipBytes6: "ipv6.plen",
  identification4: "ip.id",
  identification6: "ipv6.fraghdr.ident",
  fragmentOffset4: "ip.frag_offset",
  fragmentOffset6: "ipv6.fraghdr.offset",
  moreFragments4: "ip.flags.mf",
  moreFragments6: "ipv6.fraghdr.more",
  dontFragment4: "ip.flags.df",
  protocol4: "ip.proto",
  sourcePortTcp: "tcp.srcport",
  destinationPortTcp: "tcp.dstport",
  sourcePortUdp: "udp.srcport",
  destinationPortUdp: "udp.dstport",
  sequence: "tcp.seq_raw",
  /** Of a header that is cut inside an ICMP error, tshark tells the sequence number in another field. */
  sequenceOfCut: "tcp.seq",
  acknowledgment: "tcp.ack_raw",
  tcpFlags: "tcp.flags",
  window: "tcp.window_size_value",
  payloadTcp: "tcp.len",
  lengthUdp: "udp.length",
  maxSegmentSize: "tcp.options.mss_val",
  windowScale: "tcp.options.wscale.shift",
  sackPermitted: "tcp.options.sack_perm",
  timestampValue: "tcp.options.timestamp.tsval",
  timestampEcho: "tcp.options.timestamp.tsecr",
  sackLeft: "tcp.options.sack_le",
  sackRight: "tcp.options.sack_re",
  icmpType: "icmp.type",
  icmpCode: "icmp.code",
  icmpMtu: "icmp.mtu",
  icmpIdentifier: "icmp.ident",
  icmpSequence: "icmp.seq",
  icmpv6Type: "icmpv6.type",
  icmpv6Code: "icmpv6.code",
  icmpv6Mtu: "icmpv6.mtu",
  icmpv6Identifier: "icmpv6.echo.identifier",
  icmpv6Sequence: "icmpv6.echo.sequence_number",
  arpOperation: "arp.opcode",
  arpSender: "arp.src.proto_ipv4",
  arpTarget: "arp.dst.proto_ipv4",
  arpSenderMac: "arp.src.hw_mac",
  arpTargetMac: "arp.dst.hw_mac",
} as const;
type Field = keyof typeof FIELDS;

/** Keeps tshark to single packets. */
const PREFERENCES = ["tcp.relative_sequence_numbers:FALSE", "ip.defragment:FALSE", "ipv6.defragment:FALSE"];
const OPTIONS = PREFERENCES.flatMap((preference) => ["-o", preference]);

/** tshark's headers of every packet of a capture. */
export function headersByTshark(capture: Uint8Array): Headers[] {
  return tsharkFields(capture, Object.values(FIELDS), OPTIONS).map(headersOfRow);
}

/** The same of one decoded packet. */
export function headersOf(packet: Packet): Headers {
  const kind = packet.kind;
  const hasIp = packet.ipVersion !== 0;
  const isTcp = kind === PacketKind.tcp;
  const isUdp = kind === PacketKind.udp;
  const { sackBlocks, hasTimestamps } = packet;
  return {
    sourceMac: macOf(packet.sourceMacHigh, packet.sourceMacLow),
    destinationMac: macOf(packet.destinationMacHigh, packet.destinationMacLow),
    vlan: orNull(packet.vlan),
    cookedType: orNull(packet.cookedType),
    cookedInterface: orNull(packet.cookedInterface),
    source: hasIp ? addressOf(packet.ipVersion, packet.source) : null,
    destination: hasIp ? addressOf(packet.ipVersion, packet.destination) : null,
    ttl: hasIp ? packet.ttl : null,
    ipBytes: hasIp ? packet.ipBytes : null,
    identification: hasIp ? packet.identification >>> 0 : null,
    fragmentOffset: hasIp ? packet.fragmentOffset : null,
    moreFragments: hasIp ? Number(packet.moreFragments) : null,
    dontFragment: hasIp ? Number(packet.dontFragment) : null,
    protocol: packet.ipVersion === 4 ? packet.protocol : null,
    sourcePort: orNull(packet.sourcePort),
    destinationPort: orNull(packet.destinationPort),
    payloadBytes: isTcp || isUdp ? packet.payloadBytes : null,
    sequence: isTcp ? packet.sequence >>> 0 : null,
    acknowledgment: isTcp ? packet.acknowledgment >>> 0 : null,
    tcpFlags: isTcp ? packet.tcpFlags : null,
    window: isTcp ? packet.window : null,
    maxSegmentSize: isTcp ? orNull(packet.maxSegmentSize) : null,
    windowScale: isTcp ? orNull(packet.windowScale) : null,
    sackPermitted: isTcp ? Number(packet.sackPermitted) : null,
    timestampValue: isTcp && hasTimestamps ? packet.timestampValue >>> 0 : null,
    timestampEcho: isTcp && hasTimestamps ? packet.timestampEcho >>> 0 : null,
    sackBlocks: isTcp ? sackBlocks : null,
    sackLeft: isTcp && sackBlocks > 0 ? packet.sackLeft >>> 0 : null,
    sackRight: isTcp && sackBlocks > 0 ? packet.sackRight >>> 0 : null,
    ...icmpHeadersOf(packet),
    ...arpHeadersOf(packet),
  };
}

function icmpHeadersOf(packet: Packet): Headers {
  const isIcmp = packet.kind === PacketKind.icmp || packet.kind === PacketKind.icmpv6;
  const { quoted } = packet;
  const quotes = isIcmp && quoted.present;
  return {
    icmpType: isIcmp ? packet.icmpType : null,
    icmpCode: isIcmp ? packet.icmpCode : null,
    icmpMtu: isIcmp && packet.icmpMtu !== -1 ? packet.icmpMtu >>> 0 : null,
    icmpIdentifier: isIcmp ? orNull(packet.icmpIdentifier) : null,
    icmpSequence: isIcmp ? orNull(packet.icmpSequence) : null,
    quotedSource: quotes ? addressOf(packet.ipVersion, quoted.source) : null,
    quotedDestination: quotes ? addressOf(packet.ipVersion, quoted.destination) : null,
    quotedSourcePort: quotes ? orNull(quoted.sourcePort) : null,
    quotedDestinationPort: quotes ? orNull(quoted.destinationPort) : null,
    quotedSequence: quotes && quoted.hasSequence ? quoted.sequence >>> 0 : null,
  };
}

function arpHeadersOf(packet: Packet): Headers {
  const isArp = packet.kind === PacketKind.arp;
  return {
    arpOperation: isArp ? packet.arpOperation : null,
    arpSender: isArp ? ipv4Text(packet.source.word3) : null,
    arpTarget: isArp ? ipv4Text(packet.destination.word3) : null,
    arpSenderMac: isArp ? macOf(packet.arpSenderMacHigh, packet.arpSenderMacLow) : null,
    arpTargetMac: isArp ? macOf(packet.arpTargetMacHigh, packet.arpTargetMacLow) : null,
  };
}

function headersOfRow(row: readonly string[][]): Headers {
  const fields: readonly string[] = Object.keys(FIELDS);
  const text = (field: Field, index = 0): string | null => row[fields.indexOf(field)]?.[index] ?? null;
  const number = (field: Field, index = 0): number | null => {
    const value = text(field, index);
    if (value === null) return null;
    return value === "True" ? 1 : value === "False" ? 0 : Number(value);
  };
  // The outer header is the first one; an error quotes the second.
  const is6 = text("source6") !== null && (text("source4") === null || text("ttl4") === null);
  const hasIp = is6 || text("source4") !== null;
  const icmpType = number("icmpType") ?? number("icmpv6Type");
  const quotes = (text("source4", 1) ?? text("source6", 1)) !== null && icmpType !== null;
  const sourcePort = number("sourcePortTcp") ?? number("sourcePortUdp");
  const destinationPort = number("destinationPortTcp") ?? number("destinationPortUdp");
  const isTcp = !quotes && text("sourcePortTcp") !== null;
  const tcpOnly = (field: Field): number | null => (isTcp ? number(field) : null);
  const lengthUdp = number("lengthUdp");
  const plen = number("ipBytes6");
  const payloadBytes = isTcp ? number("payloadTcp") : lengthUdp === null || quotes ? null : lengthUdp - 8;
  return {
    sourceMac: text("sourceMac") ?? text("cookedMac"),
    destinationMac: text("destinationMac"),
    vlan: number("serviceVlan") ?? number("vlan"),
    cookedType: number("cookedType"),
    cookedInterface: number("cookedInterface"),
    source: is6 ? text("source6") : text("source4"),
    destination: is6 ? text("destination6") : text("destination4"),
    ttl: is6 ? number("ttl6") : number("ttl4"),
    ipBytes: is6 ? (plen ?? 0) + 40 : number("ipBytes4"),
    identification: is6 ? (number("identification6") ?? 0) : number("identification4"),
    fragmentOffset: hasIp ? (number(is6 ? "fragmentOffset6" : "fragmentOffset4") ?? 0) * 8 : null,
    moreFragments: is6 ? (number("moreFragments6") ?? 0) : number("moreFragments4"),
    dontFragment: is6 ? 0 : number("dontFragment4"),
    protocol: is6 || !hasIp ? null : number("protocol4"),
    sourcePort: quotes ? null : sourcePort,
    destinationPort: quotes ? null : destinationPort,
    payloadBytes,
    sequence: tcpOnly("sequence"),
    acknowledgment: tcpOnly("acknowledgment"),
    tcpFlags: isTcp ? (number("tcpFlags") ?? 0) & 0x1ff : null,
    window: tcpOnly("window"),
    maxSegmentSize: tcpOnly("maxSegmentSize"),
    windowScale: tcpOnly("windowScale"),
    sackPermitted: isTcp ? Number(text("sackPermitted") !== null) : null,
    timestampValue: tcpOnly("timestampValue"),
    timestampEcho: tcpOnly("timestampEcho"),
    sackBlocks: isTcp ? (row[fields.indexOf("sackLeft")] ?? []).length : null,
    sackLeft: tcpOnly("sackLeft"),
    sackRight: tcpOnly("sackRight"),
    icmpType,
    icmpCode: number("icmpCode") ?? number("icmpv6Code"),
    icmpMtu: number("icmpMtu") ?? number("icmpv6Mtu"),
    icmpIdentifier: quotes ? null : (number("icmpIdentifier") ?? number("icmpv6Identifier")),
    icmpSequence: quotes ? null : (number("icmpSequence") ?? number("icmpv6Sequence")),
    quotedSource: quotes ? (is6 ? text("source6", 1) : text("source4", 1)) : null,
    quotedDestination: quotes ? (is6 ? text("destination6", 1) : text("destination4", 1)) : null,
    quotedSourcePort: quotes ? sourcePort : null,
    quotedDestinationPort: quotes ? destinationPort : null,
    quotedSequence: quotes ? (number("sequence") ?? number("sequenceOfCut")) : null,
    arpOperation: number("arpOperation"),
    arpSender: text("arpSender"),
    arpTarget: text("arpTarget"),
    arpSenderMac: text("arpSenderMac"),
    arpTargetMac: text("arpTargetMac"),
  };
}

function orNull(value: number): number | null {
  return value === -1 ? null : value;
}

function macOf(high: number, low: number): string | null {
  return high === -1 ? null : macText(high * 0x1_0000_0000 + (low >>> 0));
}

function addressOf(version: number, address: IpAddress): string {
  if (version === 4) return ipv4Text(address.word3);
  return ipv6Text(address.word0, address.word1, address.word2, address.word3);
}
