/** The start of a packet that an ICMP error (RFC 792: IP header and eight bytes) or ICMPv6 error (RFC 4443: all that fits) quotes. */
import { MAX_IPV6_EXTENSION_HEADERS } from "../limits.ts";
import { IpProtocol } from "./ip-protocol.ts";
import { HEADER_BYTES as IPV4_HEADER_BYTES } from "./ipv4.ts";
import { extensionBytes, HEADER_BYTES as IPV6_HEADER_BYTES, isExtension, readIpv6Address } from "./ipv6.ts";
import { clearAddress, type Packet, type QuotedPacket } from "./packet.ts";
import { noteMalformed, noteShort, PacketLayer, PacketLimit, PacketProblem } from "./packet-problem.ts";
import { Verdict } from "./verdict.ts";

/** Bytes of the ICMP header before the quote. */
const QUOTE_OFFSET = 8;
const OFFSET_MASK = 0x1fff;

/** Fills `out.quoted` from the quote `[start, end)`, whose length on the wire is `out.payloadBytes`. */
export function decodeQuotedIpv4(view: DataView, start: number, end: number, out: Packet): Verdict {
  const quoted = out.quoted;
  resetQuoted(quoted);
  const captured = end - start;
  if (captured < IPV4_HEADER_BYTES) return noteQuoteCut(PacketLayer.icmp, IPV4_HEADER_BYTES, captured, out);
  const first = view.getUint8(start);
  const headerBytes = (first & 0x0f) << 2;
  if (first >>> 4 !== 4 || headerBytes < IPV4_HEADER_BYTES) return noteBadQuote(PacketLayer.icmp, captured, out);
  quoted.present = true;
  quoted.protocol = view.getUint8(start + 9);
  quoted.source.word3 = view.getInt32(start + 12);
  quoted.destination.word3 = view.getInt32(start + 16);
  if ((view.getUint16(start + 6) & OFFSET_MASK) === 0) readQuotedPorts(view, start + headerBytes, end, quoted);
  return Verdict.whole;
}

/** The same for IPv6. */
export function decodeQuotedIpv6(view: DataView, start: number, end: number, out: Packet): Verdict {
  const quoted = out.quoted;
  resetQuoted(quoted);
  const captured = end - start;
  if (captured < IPV6_HEADER_BYTES) return noteQuoteCut(PacketLayer.icmpv6, IPV6_HEADER_BYTES, captured, out);
  if (view.getUint8(start) >>> 4 !== 6) return noteBadQuote(PacketLayer.icmpv6, captured, out);
  quoted.present = true;
  quoted.protocol = view.getUint8(start + 6);
  readIpv6Address(view, start + 8, quoted.source);
  readIpv6Address(view, start + 24, quoted.destination);
  let at = start + IPV6_HEADER_BYTES;
  for (let headers = 0; headers < MAX_IPV6_EXTENSION_HEADERS && isExtension(quoted.protocol); headers++) {
    if (end - at < 8) return Verdict.whole;
    const isLaterFragment = quoted.protocol === IpProtocol.fragment && view.getUint16(at + 2) >>> 3 !== 0;
    const headerBytes = extensionBytes(quoted.protocol, view.getUint8(at + 1));
    quoted.protocol = view.getUint8(at);
    if (isLaterFragment) return Verdict.whole;
    at += headerBytes;
  }
  readQuotedPorts(view, at, end, quoted);
  return Verdict.whole;
}

/** `at` may be past the end. */
function readQuotedPorts(view: DataView, at: number, end: number, quoted: QuotedPacket): void {
  const isTcp = quoted.protocol === IpProtocol.tcp;
  if ((!isTcp && quoted.protocol !== IpProtocol.udp) || end - at < 4) return;
  quoted.sourcePort = view.getUint16(at);
  quoted.destinationPort = view.getUint16(at + 2);
  if (!isTcp || end - at < 8) return;
  quoted.hasSequence = true;
  quoted.sequence = view.getInt32(at + 4);
}

function resetQuoted(quoted: QuotedPacket): void {
  quoted.present = false;
  quoted.protocol = 0;
  clearAddress(quoted.source);
  clearAddress(quoted.destination);
  quoted.sourcePort = -1;
  quoted.destinationPort = -1;
  quoted.hasSequence = false;
  quoted.sequence = 0;
}

function noteQuoteCut(layer: number, needed: number, captured: number, out: Packet): Verdict {
  const stated = out.payloadBytes;
  return noteShort(PacketProblem.icmpCut, layer, QUOTE_OFFSET, needed, captured, stated, PacketLimit.ip, out);
}

function noteBadQuote(layer: number, captured: number, out: Packet): Verdict {
  return noteMalformed(PacketProblem.icmpBadQuote, layer, QUOTE_OFFSET, 0, captured, PacketLimit.ip, out);
}
