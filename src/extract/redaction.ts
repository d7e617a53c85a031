/**
 * Overwrites the payloads of packets, in place and without changing a length. What stays readable: headers of all layers, DNS and DHCP
 * messages (but for the server's host name), HTTP start lines and harmless header fields, TLS handshakes and alerts.
 */
import { type Packet, PacketKind } from "../decode/packet.ts";
import type { ServiceName } from "../report/report.ts";
import { HttpRedaction } from "./http-redaction.ts";
import { REDACTED_BYTE } from "./redaction-rules.ts";

/** Connections whose HTTP state is kept, and bytes of them all; beyond it the oldest is forgotten, and what follows on it is overwritten whole. */
const MAX_CONNECTIONS = 10_000;
const MAX_HELD_BYTES: number = 64 << 20;

const DNS_PORT = 53;
const DHCP_PORTS: readonly number[] = [67, 68];
/** sname and file of a DHCP message: host names of the platform's nodes (RFC 2131 section 2). */
const DHCP_NAMES_START = 44;
const DHCP_NAMES_END = 236;
const OPTION_OVERLOAD = 52;
const TLS_ALERT = 21;
const TLS_HANDSHAKE = 22;
const TLS_CHANGE_CIPHER_SPEC = 20;
/** An ICMP error quotes the IP header and at least 8 bytes (RFC 792); ports and sequence number stay, what is behind them goes. */
const QUOTED_TRANSPORT_BYTES = 8;

/** Redacts the packets of one extract, in their order. */
export class Redaction {
  private readonly connections: Map<number, HttpRedaction> = new Map();
  private heldBytes = 0;

  /** `packet` is `bytes` decoded; `flow` and `service` are those that the analysis found; null without. */
  redact(
    bytes: Uint8Array,
    packet: Packet,
    flow: number | null,
    service: ServiceName | null,
    toPlatform: boolean,
  ): void {
    switch (packet.kind) {
      case PacketKind.tcp:
        this.redactTcp(bytes, packet, flow, toPlatform);
        return;
      case PacketKind.udp:
        redactUdp(bytes, packet);
        return;
      case PacketKind.icmp:
      case PacketKind.icmpv6:
        redactIcmp(bytes, packet);
        return;
      case PacketKind.fragment:
        if (service !== "dns") overwrite(bytes, packet.ipPayloadStart + fragmentHeader(packet), packet.ipPayloadEnd);
        return;
      case PacketKind.arp:
        return;
      case PacketKind.none:
      case PacketKind.otherIp:
        overwrite(bytes, packet.ipPayloadStart, bytes.length);
        return;
      default:
        packet.kind satisfies never;
    }
  }

  private redactTcp(bytes: Uint8Array, packet: Packet, flow: number | null, toPlatform: boolean): void {
    const { payloadStart: start, payloadEnd: end } = packet;
    const isDns = packet.sourcePort === DNS_PORT || packet.destinationPort === DNS_PORT;
    if (end > start && !isDns && !isTlsHandshake(bytes, start, end)) {
      if (flow === null) overwrite(bytes, start, end);
      else this.redactSegment(flow, toPlatform, packet.sequence, bytes, start, end);
    }
    trailing(bytes, end);
  }

  private redactSegment(
    flow: number,
    toPlatform: boolean,
    sequence: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const connection = this.connections.get(flow) ?? new HttpRedaction();
    this.connections.set(flow, connection);
    this.heldBytes -= connection.heldBytes;
    connection.segment(toPlatform, sequence, bytes, start, end);
    this.heldBytes += connection.heldBytes;
    for (const [oldest, { heldBytes }] of this.connections) {
      if (this.connections.size <= MAX_CONNECTIONS && this.heldBytes <= MAX_HELD_BYTES) break;
      this.heldBytes -= heldBytes;
      this.connections.delete(oldest);
    }
  }
}

function redactUdp(bytes: Uint8Array, packet: Packet): void {
  const { payloadStart: start, payloadEnd: end, sourcePort, destinationPort } = packet;
  const isDhcp = DHCP_PORTS.includes(sourcePort) && DHCP_PORTS.includes(destinationPort);
  if (isDhcp) redactDhcp(bytes, start, end);
  else if (sourcePort !== DNS_PORT && destinationPort !== DNS_PORT) overwrite(bytes, start, end);
  trailing(bytes, end);
}

/** The names stay only where option 52 says that they hold options. */
function redactDhcp(bytes: Uint8Array, start: number, end: number): void {
  const from = start + DHCP_NAMES_START;
  const to = Math.min(start + DHCP_NAMES_END, end);
  if (to > from && !hasOverload(bytes, start + DHCP_NAMES_END + 4, end)) bytes.fill(0, from, to);
}

function hasOverload(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    const code = bytes[at] ?? 0;
    if (code === OPTION_OVERLOAD) return true;
    at += code === 0 ? 1 : 2 + (bytes[at + 1] ?? 0);
  }
  return false;
}

/** RFC 792: 8 bytes of ICMP header, then the quote. An echo's data goes altogether. */
function redactIcmp(bytes: Uint8Array, packet: Packet): void {
  const quote = packet.ipPayloadStart + 8;
  if (!packet.quoted.present) {
    overwrite(bytes, quote, packet.ipPayloadEnd);
    return;
  }
  const version = (bytes[quote] ?? 0) >> 4;
  const header = version === 6 ? 40 : ((bytes[quote] ?? 0) & 15) * 4;
  overwrite(bytes, quote + header + QUOTED_TRANSPORT_BYTES, packet.ipPayloadEnd);
}

/** A first fragment has its transport header in front: 20 bytes are TCP's least (RFC 9293), 8 UDP's. */
function fragmentHeader(packet: Packet): number {
  if (packet.fragmentOffset > 0) return 0;
  return packet.protocol === 6 ? 20 : 8;
}

function isTlsHandshake(bytes: Uint8Array, start: number, end: number): boolean {
  const type = bytes[start] ?? 0;
  if (end - start < 5 || bytes[start + 1] !== 3) return false;
  return type === TLS_HANDSHAKE || type === TLS_ALERT || type === TLS_CHANGE_CIPHER_SPEC;
}

/** Bytes behind the IP packet: padding, or something that hides there. */
function trailing(bytes: Uint8Array, end: number): void {
  bytes.fill(0, end);
}

function overwrite(bytes: Uint8Array, start: number, end: number): void {
  bytes.fill(REDACTED_BYTE, Math.min(start, end), end);
}
