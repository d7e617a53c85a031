/** Decoded packets by hand, for what comes after decoding. */
import { parseIpv4, parseIpv6, parseMac } from "../../src/bytes/address.ts";
import { IpProtocol } from "../../src/decode/ip-protocol.ts";
import { type IpAddress, Packet, PacketKind } from "../../src/decode/packet.ts";

export const PLATFORM = "168.63.129.16";
export const PLATFORM_MAC = "12:34:56:78:9a:bc";

/** What a test says of a packet; all else is as in a packet from a VM to the platform. */
export interface PacketFields {
  source?: string;
  destination?: string;
  sourcePort?: number;
  destinationPort?: number;
  sourceMac?: string;
  destinationMac?: string;
  vlan?: number;
  cookedInterface?: number;
  cookedType?: number;
  ttl?: number;
  identification?: number;
  sequence?: number;
  acknowledgment?: number;
  flags?: number;
  window?: number;
  payload?: Uint8Array | string;
  /** Payload on the wire, when the capture cut it. */
  payloadBytes?: number;
}

/** A TCP segment. Its payload stands in a block with other bytes around it. */
export function tcpPacket(fields: PacketFields = {}): Packet {
  const packet = ipPacket({ destinationPort: 80, ...fields }, PacketKind.tcp, IpProtocol.tcp, 20);
  packet.sequence = (fields.sequence ?? 1000) | 0;
  packet.acknowledgment = (fields.acknowledgment ?? 0) | 0;
  packet.tcpFlags = fields.flags ?? 0x10;
  packet.window = fields.window ?? 64240;
  return packet;
}

/** A UDP datagram. */
export function udpPacket(fields: PacketFields = {}): Packet {
  return ipPacket({ destinationPort: 53, ...fields }, PacketKind.udp, IpProtocol.udp, 8);
}

/** A fragment of UDP that starts `offset` bytes into its datagram's payload. */
export function fragmentPacket(offset: number, more: boolean, fields: PacketFields = {}): Packet {
  const packet = ipPacket({ sourcePort: -1, destinationPort: -1, ...fields }, PacketKind.fragment, IpProtocol.udp, 0);
  packet.fragmentOffset = offset;
  packet.moreFragments = more;
  return packet;
}

/** An ARP packet; addresses are those of its sender and target. */
export function arpPacket(fields: PacketFields = {}): Packet {
  const packet = ipPacket(fields, PacketKind.arp, 0, 0);
  packet.ipVersion = 0;
  packet.arpOperation = 1;
  packet.arpSenderMacHigh = packet.sourceMacHigh;
  packet.arpSenderMacLow = packet.sourceMacLow;
  return packet;
}

function ipPacket(fields: PacketFields, kind: PacketKind, protocol: number, headerBytes: number): Packet {
  const packet = new Packet();
  const payload = typeof fields.payload === "string" ? new TextEncoder().encode(fields.payload) : fields.payload;
  const captured = payload?.length ?? 0;
  const bytes = new Uint8Array(captured + headerBytes + 16).fill(0xee);
  bytes.set(payload ?? [], headerBytes + 8);
  packet.view = new DataView(bytes.buffer);
  packet.kind = kind;
  packet.protocol = protocol;
  const sourceVersion = setAddress(packet.source, fields.source ?? "10.0.0.4");
  packet.ipVersion = Math.max(sourceVersion, setAddress(packet.destination, fields.destination ?? PLATFORM));
  packet.ttl = fields.ttl ?? 64;
  packet.identification = fields.identification ?? 1;
  packet.ipPayloadStart = 8;
  packet.payloadStart = 8 + headerBytes;
  packet.payloadEnd = packet.payloadStart + captured;
  packet.ipPayloadEnd = packet.payloadEnd;
  packet.payloadBytes = fields.payloadBytes ?? captured;
  packet.ipPayloadBytes = headerBytes + packet.payloadBytes;
  packet.ipBytes = (packet.ipVersion === 6 ? 40 : 20) + packet.ipPayloadBytes;
  packet.sourcePort = fields.sourcePort ?? 50000;
  packet.destinationPort = fields.destinationPort ?? -1;
  const sourceMac = fields.sourceMac === undefined ? null : parseMac(fields.sourceMac);
  packet.sourceMacHigh = macHigh(sourceMac);
  packet.sourceMacLow = (sourceMac ?? 0) | 0;
  const destinationMac = fields.destinationMac === undefined ? null : parseMac(fields.destinationMac);
  packet.destinationMacHigh = macHigh(destinationMac);
  packet.destinationMacLow = (destinationMac ?? 0) | 0;
  packet.vlan = fields.vlan ?? -1;
  packet.cookedInterface = fields.cookedInterface ?? -1;
  packet.cookedType = fields.cookedType ?? -1;
  return packet;
}

function macHigh(mac: number | null): number {
  return mac === null ? -1 : Math.floor(mac / 0x100000000);
}

/** Sets `address` from its text and returns the IP version. */
function setAddress(address: IpAddress, text: string): number {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== null) {
    address.word3 = ipv4 | 0;
    return 4;
  }
  const words = parseIpv6(text);
  if (words === null) throw new Error(`not an address: ${text}`);
  [address.word0, address.word1, address.word2, address.word3] = [
    words[0] | 0,
    words[1] | 0,
    words[2] | 0,
    words[3] | 0,
  ];
  return 6;
}
