/** A packet layer by layer as lines of text, fields indented by two spaces. Text from the packet is safe to print, secrets are left out. */
import { ipv4Text, macText } from "../bytes/address.ts";
import { safeText } from "../bytes/text.ts";
import { linkTypeName } from "../capture/link-types.ts";
import { decodeDhcp, dhcpMessageType } from "../decode/dhcp.ts";
import { dhcpOptionName, dhcpOptionText } from "../decode/dhcp-options.ts";
import { type DnsRecord, decodeDns, dnsName, dnsRcode, dnsRecordData } from "../decode/dns.ts";
import { dnsClassText, dnsTypeText } from "../decode/dns-codes.ts";
import { decodeHttpHead } from "../decode/http.ts";
import { httpMethod, httpReason, httpTargetText } from "../decode/http-fields.ts";
import { type Packet, PacketKind } from "../decode/packet.ts";
import { packetProblem } from "../decode/packet-problem.ts";
import { MAX_LAYER_LINES } from "../limits.ts";
import { addressText, describePacket, flagsText, icmpWords } from "./describe-packet.ts";
import { redactFieldValue, redactTarget } from "./redact.ts";

const DNS_PORT = 53;
const DHCP_PORTS: readonly number[] = [67, 68];
/** DNS over TCP begins with the message's length (RFC 1035 section 4.2.2). */
const DNS_LENGTH_BYTES = 2;

/** Lines about a decoded packet of this link type, outermost layer first. */
export function layerLines(packet: Packet, linkType: number): string[] {
  const lines = [...linkLines(packet, linkType), ...networkLines(packet), ...transportLines(packet)];
  const message = messageLines(packet);
  const problem = packetProblem(packet);
  const all = [
    ...lines,
    ...message,
    ...(problem === null
      ? []
      : [
          `Problem: ${problem.code} in ${problem.layer}`,
          `  needed ${problem.neededBytes} bytes, available ${problem.availableBytes} (${problem.limit})`,
        ]),
  ];
  if (all.length <= MAX_LAYER_LINES) return all;
  return [...all.slice(0, MAX_LAYER_LINES), `${all.length - MAX_LAYER_LINES} more lines`];
}

function linkLines(packet: Packet, linkType: number): string[] {
  const lines = [`Link ${linkTypeName(linkType)}, ${packet.wireBytes} bytes on the wire`];
  const mac = (high: number, low: number): string => macText(high * 0x100000000 + (low >>> 0));
  if (packet.sourceMacHigh >= 0) lines.push(`  from ${mac(packet.sourceMacHigh, packet.sourceMacLow)}`);
  if (packet.destinationMacHigh >= 0) lines.push(`  to ${mac(packet.destinationMacHigh, packet.destinationMacLow)}`);
  if (packet.vlan >= 0) lines.push(`  VLAN ${packet.vlan}`);
  if (packet.etherType >= 0) lines.push(`  type 0x${packet.etherType.toString(16).padStart(4, "0")}`);
  return lines;
}

function networkLines(packet: Packet): string[] {
  if (packet.kind === PacketKind.arp) return [describePacket(packet)];
  if (packet.ipVersion === 0) return [];
  const lines = [
    `IPv${packet.ipVersion}, ${packet.ipBytes} bytes`,
    `  from ${addressText(packet.ipVersion, packet.source)}`,
    `  to ${addressText(packet.ipVersion, packet.destination)}`,
    `  ${packet.ipVersion === 4 ? "TTL" : "hop limit"} ${packet.ttl}`,
    `  protocol ${packet.protocol}`,
  ];
  if (packet.ipVersion === 4) {
    lines.push(`  identification ${packet.identification}${packet.dontFragment ? ", do not fragment" : ""}`);
  }
  if (packet.fragmentOffset > 0 || packet.moreFragments) {
    lines.push(`  fragment at ${packet.fragmentOffset}${packet.moreFragments ? ", more follow" : ", the last"}`);
  }
  return lines;
}

function transportLines(packet: Packet): string[] {
  switch (packet.kind) {
    case PacketKind.tcp:
      return tcpLines(packet);
    case PacketKind.udp:
      return [`UDP ${packet.sourcePort} to ${packet.destinationPort}`, `  payload ${packet.payloadBytes} bytes`];
    case PacketKind.icmp:
    case PacketKind.icmpv6:
      return icmpLines(packet);
    default:
      return [];
  }
}

function tcpLines(packet: Packet): string[] {
  const options = [
    packet.maxSegmentSize < 0 ? "" : `maximum segment size ${packet.maxSegmentSize}`,
    packet.windowScale < 0 ? "" : `window scale ${packet.windowScale}`,
    packet.sackPermitted ? "selective acknowledgment permitted" : "",
    packet.sackBlocks > 0 ? `selective acknowledgment of ${packet.sackBlocks} blocks` : "",
    packet.hasTimestamps ? `timestamps ${packet.timestampValue >>> 0}, ${packet.timestampEcho >>> 0}` : "",
  ].filter((text) => text !== "");
  return [
    `TCP ${packet.sourcePort} to ${packet.destinationPort}`,
    `  flags ${flagsText(packet.tcpFlags)}`,
    `  sequence ${packet.sequence >>> 0}, acknowledgment ${packet.acknowledgment >>> 0}`,
    `  window ${packet.window}`,
    ...options.map((option) => `  ${option}`),
    `  payload ${packet.payloadBytes} bytes`,
  ];
}

function icmpLines(packet: Packet): string[] {
  const { ipVersion, icmpType, icmpCode, quoted } = packet;
  const lines = [
    `${ipVersion === 6 ? "ICMPv6" : "ICMP"} ${icmpWords(ipVersion, icmpType, icmpCode)}`,
    `  type ${icmpType}, code ${icmpCode}`,
  ];
  if (packet.icmpIdentifier >= 0) {
    lines.push(`  identifier ${packet.icmpIdentifier}, sequence ${packet.icmpSequence}`);
  }
  if (packet.icmpMtu >= 0) lines.push(`  next hop's MTU ${packet.icmpMtu}`);
  if (!quoted.present) return lines;
  const port = (value: number): string => (value < 0 ? "" : ` port ${value}`);
  const from = `${addressText(ipVersion, quoted.source)}${port(quoted.sourcePort)}`;
  const to = `${addressText(ipVersion, quoted.destination)}${port(quoted.destinationPort)}`;
  return [...lines, `  about a packet from ${from}`, `  to ${to}, protocol ${quoted.protocol}`];
}

/** The message that the payload is, or begins. */
function messageLines(packet: Packet): string[] {
  const { view, payloadStart, payloadEnd, sourcePort, destinationPort } = packet;
  if (payloadEnd <= payloadStart) return [];
  const isTcp = packet.kind === PacketKind.tcp;
  if (!isTcp && packet.kind !== PacketKind.udp) return [];
  if (sourcePort === DNS_PORT || destinationPort === DNS_PORT) {
    return dnsLines(view, payloadStart + (isTcp ? DNS_LENGTH_BYTES : 0), payloadEnd);
  }
  if (!isTcp && DHCP_PORTS.includes(sourcePort) && DHCP_PORTS.includes(destinationPort)) {
    return dhcpLines(view, payloadStart, payloadEnd);
  }
  return isTcp ? httpLines(view, payloadStart, payloadEnd) : [];
}

function dnsLines(view: DataView, start: number, end: number): string[] {
  const message = decodeDns(view, start, end);
  const { header } = message;
  if (header === null) return ["DNS, cut"];
  const flags = [
    header.authoritative ? "authoritative" : "",
    header.truncated ? "truncated" : "",
    header.recursionDesired ? "recursion desired" : "",
    header.recursionAvailable ? "recursion available" : "",
  ].filter((text) => text !== "");
  const record = (kind: string, one: DnsRecord): string => {
    const name = dnsName(view, message, one.nameStart) ?? "?";
    return `  ${kind} ${name} ${one.ttlSeconds} ${dnsTypeText(one.type)} ${dnsRecordData(view, message, one)}`;
  };
  return [
    header.response ? `DNS answer ${dnsRcode(message) ?? "?"}` : "DNS query",
    `  id ${header.id}, opcode ${header.opcode}${flags.length === 0 ? "" : `, ${flags.join(", ")}`}`,
    ...message.questions.map((one) => {
      const name = dnsName(view, message, one.nameStart) ?? "?";
      return `  question ${name} ${dnsClassText(one.class)} ${dnsTypeText(one.type)}`;
    }),
    ...message.answers.map((one) => record("answer", one)),
    ...message.authorities.map((one) => record("authority", one)),
    ...(message.edns === null ? [] : [`  EDNS, ${message.edns.payloadBytes} bytes can be taken`]),
    ...(message.problem === null ? [] : [`  problem ${message.problem.code}`]),
  ];
}

function dhcpLines(view: DataView, start: number, end: number): string[] {
  const message = decodeDhcp(view, start, end);
  const { header } = message;
  if (header === null) return ["DHCP, cut"];
  const addresses: readonly (readonly [string, number])[] = [
    ["client", header.clientAddress],
    ["your", header.yourAddress],
    ["next server", header.nextServerAddress],
    ["relay", header.relayAddress],
  ];
  return [
    `DHCP ${dhcpMessageType(message) ?? "without a type"}`,
    `  transaction 0x${(header.transactionId >>> 0).toString(16).padStart(8, "0")}`,
    ...(header.clientMac === null ? [] : [`  client ${macText(header.clientMac)}`]),
    ...addresses
      .filter(([, address]) => address !== 0)
      .map(([name, address]) => `  ${name} address ${ipv4Text(address >>> 0)}`),
    ...message.options.map((option) => `  ${option.code} ${dhcpOptionName(option.code)} ${dhcpOptionText(option)}`),
    ...(message.problem === null ? [] : [`  problem ${message.problem.code}`]),
  ];
}

function httpLines(view: DataView, start: number, end: number): string[] {
  const head = decodeHttpHead(view, start, end, "capture");
  if (head.kind === null) return [];
  const first =
    head.kind === "request"
      ? `HTTP ${httpMethod(view, head) ?? "?"} ${redactTarget(httpTargetText(view, head) ?? "?")}`
      : `HTTP ${head.status ?? "?"} ${httpReason(view, head) ?? ""}`;
  const lines = [first.trimEnd()];
  for (let at = 0; at + 3 < head.headers.length; at += 4) {
    const [nameStart = 0, nameEnd = 0, valueStart = 0, valueEnd = 0] = head.headers.slice(at, at + 4);
    const name = safeText(view, nameStart, nameEnd);
    lines.push(`  ${name}: ${redactFieldValue(name, safeText(view, valueStart, valueEnd))}`);
  }
  const bodyBytes = end - head.end;
  return head.verdict === "whole" && bodyBytes > 0 ? [...lines, `  body, ${bodyBytes} bytes here`] : lines;
}
