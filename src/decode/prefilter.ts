/**
 * The question that every packet of a capture is asked before anything is decoded: can it matter? What can, passes: packets to
 * or from a platform address, also within a tunnel, DHCP, ICMP and ICMPv6 errors, ARP. Frames too odd or too short to tell pass as well when they may
 * hold one of these, and decoding decides. Fragments other than first ones pass by address alone.
 */
import type { AddressSet } from "./address-set.ts";
import { EtherType, MINIMUM_ETHER_TYPE } from "./ether-type.ts";
import { isIcmpError } from "./icmp.ts";
import { IpProtocol } from "./ip-protocol.ts";
import { LinkType } from "./link-type.ts";
import { isTunnelPort, isTunnelProtocol, mayHoldAddress } from "./tunnel.ts";

/** Looks at one captured packet: 0 when it cannot matter to the analysis, 1 when it must be decoded. Reads `[start, end)` alone. */
export type Prefilter = (view: DataView, start: number, end: number) => number;

const ETHERNET_BYTES = 14;
const TAG_BYTES = 4;
const SLL_BYTES = 16;
const SLL2_BYTES = 20;
const LOOPBACK_BYTES = 4;
const IPV4_BYTES = 20;
const IPV6_BYTES = 40;
/** Both IPv4 addresses are there. */
const ETHERNET_IPV4_BYTES: number = ETHERNET_BYTES + IPV4_BYTES;
const DHCP_SERVER_PORT = 67;
const ICMPV6_FIRST_INFORMATIONAL = 128;

/**
 * The prefilter for packets of a link type (LINKTYPE_ number); null when that link type cannot be decoded. Addresses that are
 * added to `addresses` later count from then on.
 */
export function createPrefilter(linkType: number, addresses: AddressSet): Prefilter | null {
  switch (linkType) {
    case LinkType.ethernet:
      return ethernetPrefilter(addresses);
    case LinkType.linuxSll:
      return (view, start, end) =>
        end - start < SLL_BYTES ? 1 : passType(view.getUint16(start + 14), view, start + SLL_BYTES, end, addresses);
    case LinkType.linuxSll2:
      return (view, start, end) =>
        end - start < SLL2_BYTES ? 1 : passType(view.getUint16(start), view, start + SLL2_BYTES, end, addresses);
    case LinkType.raw:
    case LinkType.rawOld:
    case LinkType.rawOpenBsd:
    case LinkType.ipv4:
    case LinkType.ipv6:
      return (view, start, end) => passIp(view, start, end, addresses);
    case LinkType.null:
    case LinkType.loop:
      return (view, start, end) => passIp(view, start + LOOPBACK_BYTES, end, addresses);
    case LinkType.ppp:
    case LinkType.pppHdlc:
      return (view, start, end) => passPpp(view, start, end, addresses);
    default:
      return null;
  }
}

/** The one that nearly all packets go through: two loads and two comparisons for most. */
function ethernetPrefilter(addresses: AddressSet): Prefilter {
  const words = addresses.ipv4;
  return (view, start, end) => {
    if (end - start < ETHERNET_IPV4_BYTES) return 1;
    const type = view.getUint16(start + 12);
    if (type !== EtherType.ipv4) return passType(type, view, start + ETHERNET_BYTES, end, addresses);
    const source = view.getInt32(start + 26);
    const destination = view.getInt32(start + 30);
    if (addresses.ipv4Count === 1) {
      const word = words[0];
      if (source === word || destination === word) return 1;
    } else if (addresses.hasIpv4(source) || addresses.hasIpv4(destination)) return 1;
    const protocol = view.getUint8(start + 23);
    return protocol === IpProtocol.tcp ? 0 : passIpv4Payload(protocol, view, start + ETHERNET_BYTES, end, addresses);
  };
}

/** By EtherType, behind one VLAN tag too. What else may wrap IP (more tags, LLC, MPLS) passes. */
function passType(type: number, view: DataView, at: number, end: number, addresses: AddressSet): number {
  switch (type) {
    case EtherType.ipv4:
      return passIpv4(view, at, end, addresses);
    case EtherType.ipv6:
      return passIpv6(view, at, end, addresses);
    case EtherType.vlan: {
      if (end - at < TAG_BYTES) return 1;
      const inner = view.getUint16(at + 2);
      if (inner === EtherType.ipv4) return passIpv4(view, at + TAG_BYTES, end, addresses);
      return inner === EtherType.ipv6 ? passIpv6(view, at + TAG_BYTES, end, addresses) : 1;
    }
    case EtherType.arp:
    case EtherType.serviceVlan:
    case EtherType.oldServiceVlan:
    case EtherType.mpls:
    case EtherType.mplsMulticast:
      return 1;
    default:
      return type < MINIMUM_ETHER_TYPE ? 1 : 0;
  }
}

/** By IP version. What is neither is nothing that can be decoded. */
function passIp(view: DataView, at: number, end: number, addresses: AddressSet): number {
  if (end <= at) return 1;
  const version = view.getUint8(at) >>> 4;
  if (version === 4) return passIpv4(view, at, end, addresses);
  return version === 6 ? passIpv6(view, at, end, addresses) : 0;
}

function passPpp(view: DataView, start: number, end: number, addresses: AddressSet): number {
  if (end - start < 4) return 1;
  const word = view.getInt32(start);
  if (word === (0xff030021 | 0)) return passIpv4(view, start + 4, end, addresses);
  if (word === (0xff030057 | 0)) return passIpv6(view, start + 4, end, addresses);
  const protocol = word >>> 16;
  if (protocol === 0x0021) return passIpv4(view, start + 2, end, addresses);
  return protocol === 0x0057 ? passIpv6(view, start + 2, end, addresses) : 1;
}

function passIpv4(view: DataView, at: number, end: number, addresses: AddressSet): number {
  if (end - at < IPV4_BYTES) return 1;
  if (addresses.hasIpv4(view.getInt32(at + 12)) || addresses.hasIpv4(view.getInt32(at + 16))) return 1;
  const protocol = view.getUint8(at + 9);
  return protocol === IpProtocol.tcp ? 0 : passIpv4Payload(protocol, view, at, end, addresses);
}

/** DHCP, ICMP errors and tunnels, of the first fragment or an unfragmented packet whose IPv4 header, complete up to its options, is at `at`. */
function passIpv4Payload(protocol: number, view: DataView, at: number, end: number, addresses: AddressSet): number {
  if (protocol !== IpProtocol.udp && protocol !== IpProtocol.icmp && !isTunnelProtocol(protocol)) return 0;
  if ((view.getUint16(at + 6) & 0x1fff) !== 0) return 0;
  const payload = at + ((view.getUint8(at) & 0x0f) << 2);
  if (end - payload < 4) return 0;
  if (protocol === IpProtocol.icmp) return isIcmpError(view.getUint8(payload)) ? 1 : 0;
  if (protocol !== IpProtocol.udp) return mayHoldAddress(view, payload, end, addresses) ? 1 : 0;
  if (isTunnelPort(view.getUint16(payload + 2)) && mayHoldAddress(view, payload, end, addresses)) return 1;
  // Subtracting makes one comparison of ports 67 and 68 together.
  return (view.getUint16(payload) - DHCP_SERVER_PORT) >>> 0 <= 1 ||
    (view.getUint16(payload + 2) - DHCP_SERVER_PORT) >>> 0 <= 1
    ? 1
    : 0;
}

function passIpv6(view: DataView, at: number, end: number, addresses: AddressSet): number {
  if (end - at < IPV6_BYTES) return 1;
  const words = addresses.ipv6;
  const used = addresses.ipv6Count * 4;
  const source = view.getInt32(at + 20);
  const destination = view.getInt32(at + 36);
  for (let index = 3; index < used; index += 4) {
    const last = words[index];
    if (last === source && isAt(view, at + 8, addresses)) return 1;
    if (last === destination && isAt(view, at + 24, addresses)) return 1;
  }
  const payload = at + IPV6_BYTES;
  switch (view.getUint8(at + 6)) {
    case IpProtocol.udp:
      if (end - payload < 4 || !isTunnelPort(view.getUint16(payload + 2))) return 0;
      return mayHoldAddress(view, payload, end, addresses) ? 1 : 0;
    case IpProtocol.gre:
    case IpProtocol.ipv4:
    case IpProtocol.ipv6:
      return mayHoldAddress(view, payload, end, addresses) ? 1 : 0;
    case IpProtocol.icmpv6:
      return end - at > IPV6_BYTES && view.getUint8(at + IPV6_BYTES) < ICMPV6_FIRST_INFORMATIONAL ? 1 : 0;
    case IpProtocol.fragment:
      // RFC 6946: a fragment header on what is whole. ICMPv6 errors are too small to be sent in parts.
      return end - at >= IPV6_BYTES + 8 && (view.getUint16(at + IPV6_BYTES + 2) & 0xfff9) === 0 ? 1 : 0;
    case IpProtocol.hopByHop:
    case IpProtocol.routing:
    case IpProtocol.destinationOptions:
    case IpProtocol.authentication:
      return 1;
    default:
      return 0;
  }
}

function isAt(view: DataView, at: number, addresses: AddressSet): boolean {
  return addresses.hasIpv6(view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12));
}
