import { decodePacket } from "../../src/decode/decode-packet.ts";
import { type IpAddress, Packet, PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";

/** How many bytes of a block lie before and behind a packet under test. */
const AROUND = 96;

/** A block that is `filler` everywhere but where `bytes` stand; they start at `start`. */
export function blockAround(bytes: Uint8Array, filler: number): { view: DataView; start: number; end: number } {
  const block = new Uint8Array(bytes.length + 2 * AROUND).fill(filler);
  block.set(bytes, AROUND);
  return { view: new DataView(block.buffer), start: AROUND, end: AROUND + bytes.length };
}

/** Length on the wire when the capture cut it, what lies around it, and the packet to decode into. */
export interface DecodeOptions {
  wireBytes?: number;
  filler?: number;
  before?: Packet;
}

/** Decodes `bytes` in the middle of a block of `filler`, into a packet that still holds the values of `before`. */
export function decodeInBlock(
  linkType: number,
  bytes: Uint8Array,
  { wireBytes = bytes.length, filler = 0xee, before = new Packet() }: DecodeOptions = {},
): Packet {
  const { view, start, end } = blockAround(bytes, filler);
  decodePacket(linkType, view, start, end, wireBytes, before);
  return before;
}

/** All fields of `packet` that are valid for its kind, offsets counted from its start: two packets with equal facts are the same. */
export function factsOf(packet: Packet): Record<string, unknown> {
  const isIcmp = packet.kind === PacketKind.icmp || packet.kind === PacketKind.icmpv6;
  return {
    kind: packet.kind,
    verdict: packet.verdict,
    problem: packetProblem(packet),
    ...linkFacts(packet),
    ...networkFacts(packet),
    ...transportFacts(packet),
    ...(packet.kind === PacketKind.tcp ? tcpFacts(packet) : {}),
    ...(isIcmp ? icmpFacts(packet) : {}),
    ...(packet.kind === PacketKind.arp ? arpFacts(packet) : {}),
  };
}

function linkFacts(packet: Packet): Record<string, unknown> {
  return {
    sourceMac: macText(packet.sourceMacHigh, packet.sourceMacLow),
    destinationMac: macText(packet.destinationMacHigh, packet.destinationMacLow),
    vlan: packet.vlan,
    cookedInterface: packet.cookedInterface,
    cookedType: packet.cookedType,
    etherType: packet.etherType,
    linkPayload: [
      packet.linkPayloadStart - packet.start,
      packet.linkPayloadEnd - packet.start,
      packet.linkPayloadBytes,
    ],
  };
}

function networkFacts(packet: Packet): Record<string, unknown> {
  return {
    ipVersion: packet.ipVersion,
    source: addressText(packet.source),
    destination: addressText(packet.destination),
    ttl: packet.ttl,
    identification: packet.identification,
    dontFragment: packet.dontFragment,
    fragmentOffset: packet.fragmentOffset,
    moreFragments: packet.moreFragments,
    protocol: packet.protocol,
    ipBytes: packet.ipBytes,
    ipStart: packet.ipStart - packet.start,
    ipPayload: [packet.ipPayloadStart - packet.start, packet.ipPayloadEnd - packet.start, packet.ipPayloadBytes],
  };
}

function transportFacts(packet: Packet): Record<string, unknown> {
  return {
    ports: [packet.sourcePort, packet.destinationPort],
    payload: [packet.payloadStart - packet.start, packet.payloadEnd - packet.start, packet.payloadBytes],
  };
}

function tcpFacts(packet: Packet): Record<string, unknown> {
  return {
    sequence: packet.sequence >>> 0,
    acknowledgment: packet.acknowledgment >>> 0,
    tcpFlags: packet.tcpFlags,
    window: packet.window,
    maxSegmentSize: packet.maxSegmentSize,
    windowScale: packet.windowScale,
    sackPermitted: packet.sackPermitted,
    timestamps: packet.hasTimestamps ? [packet.timestampValue >>> 0, packet.timestampEcho >>> 0] : null,
    sack: [packet.sackBlocks, packet.sackLeft >>> 0, packet.sackRight >>> 0],
  };
}

function icmpFacts(packet: Packet): Record<string, unknown> {
  const { quoted } = packet;
  return {
    icmp: [packet.icmpType, packet.icmpCode, packet.icmpMtu],
    echo: [packet.icmpIdentifier, packet.icmpSequence],
    quoted: quoted.present
      ? {
          protocol: quoted.protocol,
          source: addressText(quoted.source),
          destination: addressText(quoted.destination),
          ports: [quoted.sourcePort, quoted.destinationPort],
          sequence: quoted.hasSequence ? quoted.sequence >>> 0 : null,
        }
      : null,
  };
}

function arpFacts(packet: Packet): Record<string, unknown> {
  return {
    arpOperation: packet.arpOperation,
    arpSenderMac: macText(packet.arpSenderMacHigh, packet.arpSenderMacLow),
    arpTargetMac: macText(packet.arpTargetMacHigh, packet.arpTargetMacLow),
  };
}

function addressText(address: IpAddress): string {
  return [address.word0, address.word1, address.word2, address.word3].map((word) => digits(word, 8)).join(":");
}

function macText(high: number, low: number): string | null {
  return high === -1 ? null : digits(high, 4) + digits(low, 8);
}

function digits(value: number, count: number): string {
  return (value >>> 0).toString(16).padStart(count, "0");
}
