/** What a decoded packet says, in a few words: flags of TCP, or the summary of the DNS, DHCP, HTTP or TLS message that it begins. */
import { ipv4Text, ipv6Text, macText } from "../bytes/address.ts";
import { decodeDhcp, dhcpMessageType } from "../decode/dhcp.ts";
import { dhcpAddress } from "../decode/dhcp-options.ts";
import { decodeDns, dnsName, dnsRcode, dnsRecordData } from "../decode/dns.ts";
import { dnsTypeText } from "../decode/dns-codes.ts";
import { decodeHttpHead } from "../decode/http.ts";
import { httpMethod, httpTargetText } from "../decode/http-fields.ts";
import { type IpAddress, type Packet, PacketKind } from "../decode/packet.ts";
import { TcpFlag } from "../decode/tcp-flags.ts";
import { redactTarget } from "./redact.ts";

const DNS_PORT = 53;
const DHCP_PORTS: readonly number[] = [67, 68];
/** Answers that are named; the rest is counted. */
const NAMED_ANSWERS = 2;
const TLS_HANDSHAKE = 22;
const TLS_ALERT = 21;

/** "10.0.0.4:50312", "[fe80::1]:80", an address alone, or "" without IP. */
export function endpointText(packet: Packet, side: "source" | "destination"): string {
  const address = addressText(packet.ipVersion, side === "source" ? packet.source : packet.destination);
  const port = side === "source" ? packet.sourcePort : packet.destinationPort;
  if (port < 0) return address;
  return packet.ipVersion === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The summary of a packet whose layers were decoded. Text from the packet is safe to print, secrets are left out. */
export function describePacket(packet: Packet): string {
  switch (packet.kind) {
    case PacketKind.tcp:
      return describeTcp(packet);
    case PacketKind.udp:
      return describeUdp(packet);
    case PacketKind.icmp:
    case PacketKind.icmpv6:
      return describeIcmp(packet);
    case PacketKind.arp:
      return packet.arpOperation === 1 ? "ARP who has" : "ARP reply";
    case PacketKind.fragment:
      return `fragment at ${packet.fragmentOffset} of datagram ${packet.identification}`;
    case PacketKind.otherIp:
      return `IP protocol ${packet.protocol}`;
    case PacketKind.none:
      return "not decoded";
    default:
      return packet.kind satisfies never;
  }
}

function describeTcp(packet: Packet): string {
  const parts = [flagsText(packet.tcpFlags)];
  if (packet.window === 0 && (packet.tcpFlags & TcpFlag.rst) === 0) parts.push("win 0");
  if (packet.payloadBytes > 0) parts.push(`${packet.payloadBytes} bytes`);
  const message = describeStream(packet);
  return message === null ? parts.join(" ") : `${message}, ${packet.payloadBytes} bytes`;
}

/** The message that the segment's payload begins, if it is one that can be told by itself. */
function describeStream(packet: Packet): string | null {
  const { view, payloadStart, payloadEnd } = packet;
  if (payloadEnd - payloadStart < 3) return null;
  if (packet.sourcePort === DNS_PORT || packet.destinationPort === DNS_PORT) {
    return describeDns(view, payloadStart + 2, payloadEnd);
  }
  const head = decodeHttpHead(view, payloadStart, payloadEnd, "capture");
  if (head.kind === "request") {
    const method = httpMethod(view, head);
    const target = httpTargetText(view, head);
    return method === null || target === null ? null : `HTTP ${method} ${redactTarget(target)}`;
  }
  if (head.kind === "response" && head.status !== null) return `HTTP ${head.status}`;
  return view.getUint8(payloadStart + 1) === 3 ? describeTls(view, payloadStart, payloadEnd) : null;
}

/** TLS record type 0, version 1-2, length 3-4; of a handshake its type 5 (RFC 8446 sections 4 and 5.1). */
function describeTls(view: DataView, start: number, end: number): string | null {
  const type = view.getUint8(start);
  if (end - start < 7) return null;
  if (type === TLS_ALERT) return `TLS alert ${view.getUint8(start + 6)}`;
  if (type !== TLS_HANDSHAKE) return null;
  const handshake = view.getUint8(start + 5);
  return handshake === 1 ? "TLS ClientHello" : handshake === 2 ? "TLS ServerHello" : "TLS handshake";
}

function describeUdp(packet: Packet): string {
  const { view, payloadStart, payloadEnd } = packet;
  if (packet.sourcePort === DNS_PORT || packet.destinationPort === DNS_PORT) {
    return describeDns(view, payloadStart, payloadEnd);
  }
  if (DHCP_PORTS.includes(packet.sourcePort) && DHCP_PORTS.includes(packet.destinationPort)) {
    return describeDhcp(view, payloadStart, payloadEnd);
  }
  return `UDP ${packet.payloadBytes} bytes`;
}

/** Type and client; of an answer also the address, the server and what option 245 says. */
function describeDhcp(view: DataView, start: number, end: number): string {
  const message = decodeDhcp(view, start, end);
  const { header } = message;
  if (header === null) return "DHCP, cut";
  const client = header.clientMac === null ? "" : ` of ${macText(header.clientMac)}`;
  const type = `DHCP ${dhcpMessageType(message) ?? "?"}${client}`;
  const server = dhcpAddress(message, 54);
  const platform = dhcpAddress(message, 245);
  return [
    type,
    header.yourAddress === 0 ? "" : ipv4Text(header.yourAddress >>> 0),
    server === null ? "" : `server ${ipv4Text(server >>> 0)}`,
    platform === null ? "" : `option 245 ${ipv4Text(platform >>> 0)}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function describeDns(view: DataView, start: number, end: number): string {
  const message = decodeDns(view, start, end);
  const { header } = message;
  if (header === null) return "DNS, cut";
  const [question] = message.questions;
  const name = question === undefined ? null : dnsName(view, message, question.nameStart);
  const asked = question === undefined ? "" : ` ${dnsTypeText(question.type)} ${name ?? "?"}`;
  if (!header.response) return `DNS query${asked}`;
  const named = message.answers.slice(0, NAMED_ANSWERS).map((record) => dnsRecordData(view, message, record));
  const rest = message.answers.length - named.length;
  const answers = `${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  const truncated = header.truncated ? " truncated" : "";
  return `DNS ${dnsRcode(message) ?? "?"}${truncated}${asked}${answers === "" ? "" : `: ${answers}`}`;
}

function describeIcmp(packet: Packet): string {
  const { quoted, ipVersion, icmpType, icmpCode } = packet;
  const protocol = ipVersion === 6 ? "ICMPv6" : "ICMP";
  const what = `${protocol} ${icmpWords(ipVersion, icmpType, icmpCode)}`;
  if (!quoted.present) return what;
  const port = (value: number): string => (value < 0 ? "" : ` port ${value}`);
  return `${what}, about a packet to ${addressText(ipVersion, quoted.destination)}${port(quoted.destinationPort)}`;
}

/** RFC 792, RFC 1812 section 5.2.7 and RFC 4443. */
const UNREACHABLE: Readonly<Record<number, string>> = {
  0: "network unreachable",
  1: "host unreachable",
  2: "protocol unreachable",
  3: "port unreachable",
  4: "fragmentation needed",
  9: "network administratively prohibited",
  10: "host administratively prohibited",
  13: "administratively prohibited",
};
const UNREACHABLE_V6: Readonly<Record<number, string>> = {
  0: "no route",
  1: "administratively prohibited",
  3: "address unreachable",
  4: "port unreachable",
};

/** What type and code of an ICMP message mean. */
export function icmpWords(version: number, type: number, code: number): string {
  const plain = `type ${type} code ${code}`;
  if (version === 6) {
    if (type === 1) return UNREACHABLE_V6[code] ?? plain;
    return (
      ({ 2: "packet too big", 3: "time exceeded", 128: "echo request", 129: "echo reply" } as const)[type] ?? plain
    );
  }
  if (type === 3) return UNREACHABLE[code] ?? plain;
  return ({ 0: "echo reply", 8: "echo request", 11: "time exceeded" } as const)[type] ?? plain;
}

/** The address of a packet of this IP version; "" without IP. */
export function addressText(version: number, address: IpAddress): string {
  if (version === 4) return ipv4Text(address.word3 >>> 0);
  if (version !== 6) return "";
  return ipv6Text(address.word0 >>> 0, address.word1 >>> 0, address.word2 >>> 0, address.word3 >>> 0);
}

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [TcpFlag.syn, "SYN"],
  [TcpFlag.fin, "FIN"],
  [TcpFlag.rst, "RST"],
  [TcpFlag.psh, "PSH"],
  [TcpFlag.ack, "ACK"],
  [TcpFlag.urg, "URG"],
];

/** "SYN ACK", "no flags". */
export function flagsText(flags: number): string {
  const names = FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  return names.length === 0 ? "no flags" : names.join(" ");
}
