/** Which conversation a packet belongs to: both directions have one key, because it is known which side is the platform. */
import type { IpAddress, Packet } from "../decode/packet.ts";
import { PacketKind } from "../decode/packet.ts";
import { FlowField, FlowKind, type FlowTable } from "./flow-table.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Field = FlowField;
const Kind = FlowKind;
const Layer = PacketKind;

/** The addresses that count as the platform's. Words are signed 32-bit. */
export interface PlatformAddresses {
  hasIpv4(word: number): boolean;
  hasIpv6(word0: number, word1: number, word2: number, word3: number): boolean;
}

const TCP = 6;
const UDP = 17;
const DHCP_SERVER_PORT = 67;
const DHCP_CLIENT_PORT = 68;
/** BOOTP (RFC 951): operation 0 (1 is a request), client hardware address from 28. */
const BOOTP_REQUEST = 1;
const BOOTP_HARDWARE_ADDRESS = 28;

/** One reused key. VLAN and NIC are no part of it: one conversation may show several. */
export class FlowKey {
  kind: FlowKind = Kind.free;
  ipVersion = 0;
  protocol = 0;
  toPlatform = false;
  vm0 = 0;
  vm1 = 0;
  vm2 = 0;
  vm3 = 0;
  platform0 = 0;
  platform1 = 0;
  platform2 = 0;
  platform3 = 0;
  vmPort = -1;
  platformPort = -1;
  /** DHCP: the client's hardware address. */
  macHigh = -1;
  macLow = 0;
  hash = 0;
}

/**
 * Fills `key` from a packet; false when it is neither a platform address's nor DHCP. `key.kind` is free when the packet belongs to no
 * flow: another protocol, a fragment or a cut header without ports.
 */
export function keyOf(packet: Packet, addresses: PlatformAddresses, key: FlowKey): boolean {
  key.protocol = packet.protocol;
  key.ipVersion = packet.ipVersion;
  if (isDhcp(packet)) {
    dhcpKey(packet, addresses, key);
    return true;
  }
  key.kind = kindOf(packet);
  const sourcePort = key.kind === Kind.icmp ? packet.icmpIdentifier : packet.sourcePort;
  const destinationPort = key.kind === Kind.icmp ? packet.icmpIdentifier : packet.destinationPort;
  return orient(packet.source, packet.destination, sourcePort, destinationPort, addresses, key);
}

/** Fills `key` from what an ICMP error quotes; false when the quote is of no platform packet, or too short to tell. */
export function keyOfQuote(packet: Packet, addresses: PlatformAddresses, key: FlowKey): boolean {
  const quoted = packet.quoted;
  if (!quoted.present) return false;
  key.protocol = quoted.protocol;
  key.ipVersion = packet.ipVersion;
  key.kind = quoted.protocol === TCP ? Kind.tcp : quoted.protocol === UDP ? Kind.udp : Kind.free;
  return orient(quoted.source, quoted.destination, quoted.sourcePort, quoted.destinationPort, addresses, key);
}

/** True when `flow` has this key. */
export function hasKey(flows: FlowTable, flow: number, key: FlowKey): boolean {
  const view = flows.view(flow);
  const at = flows.at(flow);
  if (view.getInt32(at + Field.kind, true) !== key.kind) return false;
  if (key.kind === Kind.dhcp)
    return (
      view.getInt32(at + Field.vmMacLow, true) === key.macLow &&
      view.getInt32(at + Field.vmMacHigh, true) === key.macHigh
    );
  if (
    view.getInt32(at + Field.vmPort, true) !== key.vmPort ||
    view.getInt32(at + Field.platformPort, true) !== key.platformPort ||
    view.getInt32(at + Field.vmAddress + 12, true) !== key.vm3 ||
    view.getInt32(at + Field.platformAddress + 12, true) !== key.platform3 ||
    view.getInt32(at + Field.ipVersion, true) !== key.ipVersion ||
    view.getInt32(at + Field.protocol, true) !== key.protocol
  )
    return false;
  return key.ipVersion !== 6 || hasFirstWords(view, at, key);
}

/** The words of the addresses that only IPv6 has. */
function hasFirstWords(view: DataView, at: number, key: FlowKey): boolean {
  return (
    view.getInt32(at + Field.vmAddress, true) === key.vm0 &&
    view.getInt32(at + Field.vmAddress + 4, true) === key.vm1 &&
    view.getInt32(at + Field.vmAddress + 8, true) === key.vm2 &&
    view.getInt32(at + Field.platformAddress, true) === key.platform0 &&
    view.getInt32(at + Field.platformAddress + 4, true) === key.platform1 &&
    view.getInt32(at + Field.platformAddress + 8, true) === key.platform2
  );
}

/** By protocol, not by what was decoded: the ports of a first fragment, and of a header that is cut after them, are there. */
function kindOf(packet: Packet): FlowKind {
  if (packet.kind === Layer.icmp || packet.kind === Layer.icmpv6) return Kind.icmp;
  if (packet.sourcePort < 0) return Kind.free;
  if (packet.protocol === TCP) return Kind.tcp;
  return packet.protocol === UDP ? Kind.udp : Kind.free;
}

/** A packet between two platform addresses has its platform side at the lower port, then at the lower address. */
function orient(
  source: IpAddress,
  destination: IpAddress,
  sourcePort: number,
  destinationPort: number,
  addresses: PlatformAddresses,
  key: FlowKey,
): boolean {
  const fromPlatform = isPlatform(source, key.ipVersion, addresses);
  const toPlatform = isPlatform(destination, key.ipVersion, addresses);
  if (!fromPlatform && !toPlatform) return false;
  const isTo = fromPlatform && toPlatform ? isLower(destination, destinationPort, source, sourcePort) : toPlatform;
  key.toPlatform = isTo;
  const vm = isTo ? source : destination;
  const platform = isTo ? destination : source;
  key.vm0 = vm.word0 | 0;
  key.vm1 = vm.word1 | 0;
  key.vm2 = vm.word2 | 0;
  key.vm3 = vm.word3 | 0;
  key.platform0 = platform.word0 | 0;
  key.platform1 = platform.word1 | 0;
  key.platform2 = platform.word2 | 0;
  key.platform3 = platform.word3 | 0;
  key.vmPort = isTo ? sourcePort : destinationPort;
  key.platformPort = isTo ? destinationPort : sourcePort;
  return true;
}

/** Whether an address of this IP version is the platform's. */
export function isPlatform(address: IpAddress, version: number, addresses: PlatformAddresses): boolean {
  if (version === 6)
    return addresses.hasIpv6(address.word0 | 0, address.word1 | 0, address.word2 | 0, address.word3 | 0);
  return addresses.hasIpv4(address.word3 | 0);
}

function isLower(one: IpAddress, onePort: number, other: IpAddress, otherPort: number): boolean {
  if (onePort !== otherPort) return onePort < otherPort;
  return one.word3 >>> 0 <= other.word3 >>> 0;
}

function isDhcp(packet: Packet): boolean {
  if (packet.kind !== Layer.udp || packet.ipVersion !== 4) return false;
  const from = packet.sourcePort;
  const to = packet.destinationPort;
  if (from === DHCP_SERVER_PORT) return to === DHCP_CLIENT_PORT || to === DHCP_SERVER_PORT;
  return from === DHCP_CLIENT_PORT && to === DHCP_SERVER_PORT;
}

/** A client that has no address yet is known by its hardware address, which requests and replies both carry. */
function dhcpKey(packet: Packet, addresses: PlatformAddresses, key: FlowKey): void {
  key.kind = Kind.dhcp;
  const { view, payloadStart, payloadEnd } = packet;
  if (packet.sourcePort === DHCP_CLIENT_PORT) key.toPlatform = true;
  else if (packet.destinationPort === DHCP_CLIENT_PORT) key.toPlatform = false;
  else if (payloadEnd > payloadStart) key.toPlatform = view.getUint8(payloadStart) === BOOTP_REQUEST;
  else key.toPlatform = !isPlatform(packet.source, 4, addresses);
  if (payloadEnd - payloadStart >= BOOTP_HARDWARE_ADDRESS + 6) {
    key.macHigh = view.getUint16(payloadStart + BOOTP_HARDWARE_ADDRESS);
    key.macLow = view.getInt32(payloadStart + BOOTP_HARDWARE_ADDRESS + 2);
  } else {
    key.macHigh = key.toPlatform ? packet.sourceMacHigh : packet.destinationMacHigh;
    key.macLow = (key.toPlatform ? packet.sourceMacLow : packet.destinationMacLow) | 0;
  }
  const vm = key.toPlatform ? packet.source : packet.destination;
  const platform = key.toPlatform ? packet.destination : packet.source;
  key.vm0 = 0;
  key.vm1 = 0;
  key.vm2 = 0;
  key.vm3 = vm.word3 | 0;
  key.platform0 = 0;
  key.platform1 = 0;
  key.platform2 = 0;
  key.platform3 = platform.word3 | 0;
  key.vmPort = key.toPlatform ? packet.sourcePort : packet.destinationPort;
  key.platformPort = key.toPlatform ? packet.destinationPort : packet.sourcePort;
}
