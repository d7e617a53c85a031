/**
 * ICMP, RFC 792, and ICMPv6, RFC 4443. Type 0, code 1, checksum 2-3, four bytes that depend on the type 4-7; from 8 an error
 * quotes the packet that caused it.
 */
import { type Packet, PacketKind } from "./packet.ts";
import { noteShort, PacketLayer, PacketLimit, PacketProblem } from "./packet-problem.ts";
import { decodeQuotedIpv4, decodeQuotedIpv6 } from "./quoted-packet.ts";
import { Verdict } from "./verdict.ts";

const HEADER_BYTES = 8;

/** ICMP types that matter here (IANA registry). */
const IcmpType = {
  echoReply: 0,
  destinationUnreachable: 3,
  sourceQuench: 4,
  redirect: 5,
  echo: 8,
  timeExceeded: 11,
  parameterProblem: 12,
} as const;

/** ICMPv6 types that matter here (IANA registry). Errors are below 128. */
const Icmpv6Type = {
  destinationUnreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echo: 128,
  echoReply: 129,
} as const;

/** Code of an ICMP "destination unreachable": the packet is too large and must not be fragmented. */
const FRAGMENTATION_NEEDED = 4;

/** True for the types that quote the packet that caused them. */
export function isIcmpError(type: number): boolean {
  return (
    (type >= IcmpType.destinationUnreachable && type <= IcmpType.redirect) ||
    type === IcmpType.timeExceeded ||
    type === IcmpType.parameterProblem
  );
}

/**
 * True when the error says that the packet it quotes was not delivered and is given up: unreachable, time exceeded, parameter problem. A
 * redirect names a better way for a packet that went on, a source quench asks to go slower (RFC 792), and "too big" asks to try again.
 */
export function isIcmpRejection(version: 4 | 6, type: number, code: number): boolean {
  if (version === 6)
    return (
      type >= Icmpv6Type.destinationUnreachable &&
      type <= Icmpv6Type.parameterProblem &&
      type !== Icmpv6Type.packetTooBig
    );
  if (type === IcmpType.destinationUnreachable) return code !== FRAGMENTATION_NEEDED;
  return type === IcmpType.timeExceeded || type === IcmpType.parameterProblem;
}

/** True when the error says that the packet it quotes ran out of hops. */
export function isTimeExceeded(version: 4 | 6, type: number): boolean {
  return type === (version === 6 ? Icmpv6Type.timeExceeded : IcmpType.timeExceeded);
}

/** Fills the ICMP fields of `out` from the IPv4 payload `[start, end)`, whose length on the wire is `out.ipPayloadBytes`. */
export function decodeIcmp(view: DataView, start: number, end: number, out: Packet): Verdict {
  if (!readHeader(PacketLayer.icmp, view, start, end, out)) return out.verdict;
  out.kind = PacketKind.icmp;
  const type = out.icmpType;
  if (type === IcmpType.echo || type === IcmpType.echoReply) readEcho(view, start, out);
  if (!isIcmpError(type)) return Verdict.whole;
  // RFC 1191 section 4: the low 16 bits of a word that was unused.
  if (type === IcmpType.destinationUnreachable && out.icmpCode === FRAGMENTATION_NEEDED)
    out.icmpMtu = view.getUint16(start + 6);
  return decodeQuotedIpv4(view, start + HEADER_BYTES, end, out);
}

/** Fills the ICMP fields of `out` from the IPv6 payload `[start, end)`, whose length on the wire is `out.ipPayloadBytes`. */
export function decodeIcmpv6(view: DataView, start: number, end: number, out: Packet): Verdict {
  if (!readHeader(PacketLayer.icmpv6, view, start, end, out)) return out.verdict;
  out.kind = PacketKind.icmpv6;
  const type = out.icmpType;
  if (type === Icmpv6Type.echo || type === Icmpv6Type.echoReply) readEcho(view, start, out);
  if (type < Icmpv6Type.destinationUnreachable || type > Icmpv6Type.parameterProblem) return Verdict.whole;
  if (type === Icmpv6Type.packetTooBig) out.icmpMtu = view.getInt32(start + 4);
  return decodeQuotedIpv6(view, start + HEADER_BYTES, end, out);
}

/** Resets, and reads what both have in common. False, with the reason noted, when it is not there. */
function readHeader(layer: number, view: DataView, start: number, end: number, out: Packet): boolean {
  out.icmpType = -1;
  out.icmpCode = -1;
  out.icmpMtu = -1;
  out.icmpIdentifier = -1;
  out.icmpSequence = -1;
  out.quoted.present = false;
  const captured = end - start;
  if (captured < HEADER_BYTES) {
    noteShort(PacketProblem.icmpCut, layer, 0, HEADER_BYTES, captured, out.ipPayloadBytes, PacketLimit.ip, out);
    return false;
  }
  out.icmpType = view.getUint8(start);
  out.icmpCode = view.getUint8(start + 1);
  out.payloadStart = start + HEADER_BYTES;
  out.payloadEnd = end;
  out.payloadBytes = out.ipPayloadBytes - HEADER_BYTES;
  return true;
}

function readEcho(view: DataView, start: number, out: Packet): void {
  out.icmpIdentifier = view.getUint16(start + 4);
  out.icmpSequence = view.getUint16(start + 6);
}
