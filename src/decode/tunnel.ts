/**
 * Tunnels that carry frames or IP packets: VXLAN (RFC 7348), Geneve (RFC 8926), GRE (RFC 2784, RFC 2890) with NVGRE (RFC 7637) and ERSPAN
 * (draft-foschiano-erspan-03), IP in IP (RFC 2003, RFC 4213). What is inside is not analysed, only found, so that its absence is not taken for silence.
 */
import type { AddressSet } from "./address-set.ts";
import { EtherType } from "./ether-type.ts";
import { IpProtocol } from "./ip-protocol.ts";
import { LinkType } from "./link-type.ts";
import { type Packet, PacketKind } from "./packet.ts";

/** UDP ports of VXLAN (IANA's, Linux's before that, and the one that Azure's hosts use) and Geneve. */
const VXLAN_PORT = 4789;
const OLD_VXLAN_PORT = 8472;
const HOST_VXLAN_PORT = 65_330;
const GENEVE_PORT = 6081;

/** Where inner addresses can stand behind the outer transport: tunnel header with options, Ethernet, VLAN tags, IPv6. */
const SEARCHED_BYTES = 128;

const VXLAN_BYTES = 8;
const GENEVE_BYTES = 8;
const GRE_BYTES = 4;
const GRE_OPTION_BYTES = 4;
const GRE_CHECKSUM = 0x8000;
const GRE_KEY = 0x2000;
const GRE_SEQUENCE = 0x1000;
const GRE_VERSION = 0x0007;
const TRANSPARENT_ETHERNET = 0x6558;
const ERSPAN_2 = 0x88be;
const ERSPAN_3 = 0x22eb;
const ERSPAN_2_BYTES = 8;
const ERSPAN_3_BYTES = 12;
const ERSPAN_3_SUBHEADER_BYTES = 8;

export type TunnelKind = "VXLAN" | "Geneve" | "GRE" | "NVGRE" | "ERSPAN" | "IP-in-IP";

/** What a tunnel carries: frames or IP packets, from `start` in the packet's view on. */
export interface TunnelPayload {
  readonly kind: TunnelKind;
  readonly linkType: typeof LinkType.ethernet | typeof LinkType.raw;
  readonly start: number;
}

/** Whether a datagram to this UDP port may be a tunnel's. */
export function isTunnelPort(port: number): boolean {
  return port === VXLAN_PORT || port === GENEVE_PORT || port === OLD_VXLAN_PORT || port === HOST_VXLAN_PORT;
}

/** Whether an IP protocol is a tunnel's. */
export function isTunnelProtocol(protocol: number): boolean {
  return protocol === IpProtocol.gre || protocol === IpProtocol.ipv4 || protocol === IpProtocol.ipv6;
}

/** Whether one of the addresses stands where a header inside the tunnel whose bytes begin at `start` may have it. */
export function mayHoldAddress(view: DataView, start: number, end: number, addresses: AddressSet): boolean {
  const last = Math.min(end, start + SEARCHED_BYTES) - 4;
  const words = addresses.ipv6;
  const used = addresses.ipv6Count * 4;
  // All headers have an even length.
  for (let at = start; at <= last; at += 2) {
    const word = view.getInt32(at);
    if (addresses.hasIpv4(word)) return true;
    for (let index = 3; index < used; index += 4)
      if (words[index] === word && at - 12 >= start && isAt(view, at - 12, addresses)) return true;
  }
  return false;
}

/** What a packet's tunnel carries; null when it is no tunnel. */
export function tunnelPayload(packet: Packet): TunnelPayload | null {
  const { view, payloadStart: start, payloadEnd: end } = packet;
  if (packet.kind === PacketKind.udp) {
    if (packet.destinationPort === GENEVE_PORT) return genevePayload(view, start, end);
    return isTunnelPort(packet.destinationPort) ? ethernetAt("VXLAN", start + VXLAN_BYTES) : null;
  }
  if (packet.kind !== PacketKind.otherIp) return null;
  if (packet.protocol === IpProtocol.gre) return grePayload(view, start, end);
  return isTunnelProtocol(packet.protocol) ? { kind: "IP-in-IP", linkType: LinkType.raw, start } : null;
}

/** Version and option length (in words of four bytes) in byte 0, the payload's type in bytes 2-3. */
function genevePayload(view: DataView, start: number, end: number): TunnelPayload | null {
  if (end - start < GENEVE_BYTES) return null;
  return payloadOf("Geneve", view.getUint16(start + 2), start + GENEVE_BYTES + ((view.getUint8(start) & 0x3f) << 2));
}

/** Flags in bytes 0-1, the payload's type in bytes 2-3, then what the flags announce. */
function grePayload(view: DataView, start: number, end: number): TunnelPayload | null {
  if (end - start < GRE_BYTES) return null;
  const flags = view.getUint16(start);
  if ((flags & GRE_VERSION) !== 0) return null;
  const type = view.getUint16(start + 2);
  let at = start + GRE_BYTES;
  for (const flag of [GRE_CHECKSUM, GRE_KEY, GRE_SEQUENCE]) if ((flags & flag) !== 0) at += GRE_OPTION_BYTES;
  // ERSPAN without a sequence number is its first form, which has no header of its own.
  if (type === ERSPAN_2) return ethernetAt("ERSPAN", (flags & GRE_SEQUENCE) === 0 ? at : at + ERSPAN_2_BYTES);
  if (type === ERSPAN_3) {
    if (end - at < ERSPAN_3_BYTES) return null;
    const hasSubheader = (view.getUint8(at + ERSPAN_3_BYTES - 1) & 1) !== 0;
    return ethernetAt("ERSPAN", at + ERSPAN_3_BYTES + (hasSubheader ? ERSPAN_3_SUBHEADER_BYTES : 0));
  }
  return payloadOf(type === TRANSPARENT_ETHERNET && (flags & GRE_KEY) !== 0 ? "NVGRE" : "GRE", type, at);
}

function payloadOf(kind: TunnelKind, type: number, start: number): TunnelPayload | null {
  if (type === TRANSPARENT_ETHERNET) return ethernetAt(kind, start);
  return type === EtherType.ipv4 || type === EtherType.ipv6 ? { kind, linkType: LinkType.raw, start } : null;
}

function ethernetAt(kind: TunnelKind, start: number): TunnelPayload {
  return { kind, linkType: LinkType.ethernet, start };
}

function isAt(view: DataView, at: number, addresses: AddressSet): boolean {
  return addresses.hasIpv6(view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12));
}
