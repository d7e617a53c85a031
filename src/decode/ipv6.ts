/**
 * IPv6, RFC 8200. Version 0, payload length 4-5, next header 6, hop limit 7, source 8-23, destination 24-39; then extension
 * headers, each with its next header in byte 0 and, but for the fragment header, its length in byte 1.
 */
import { MAX_IPV6_EXTENSION_HEADERS } from "../limits.ts";
import { IpProtocol } from "./ip-protocol.ts";
import { type IpAddress, type Packet, PacketKind } from "./packet.ts";
import { noteMalformed, noteShort, PacketLayer, PacketLimit, PacketProblem } from "./packet-problem.ts";
import { Verdict } from "./verdict.ts";

export const HEADER_BYTES = 40;
/** No extension header is shorter. */
const MINIMUM_EXTENSION_BYTES = 8;
const MORE_FRAGMENTS = 1;
const OFFSET_MASK = 0xfff8;

/**
 * Fills the network fields of `out`, which `resetPacket` made ready, from the link payload `[start, end)`, whose length on
 * the wire is `out.linkPayloadBytes`. Leaves `kind` none when the payload cannot be found.
 */
export function decodeIpv6(view: DataView, start: number, end: number, out: Packet): Verdict {
  out.ipStart = start;
  const captured = end - start;
  const onWire = out.linkPayloadBytes;
  if (captured < HEADER_BYTES) return noteCut(0, HEADER_BYTES, captured, onWire, PacketLimit.frame, out);
  const version = view.getUint8(start) >>> 4;
  if (version !== 6) return noteBad(PacketProblem.ipBadVersion, 0, 0, captured, PacketLimit.frame, out);
  out.ipVersion = 6;
  readIpv6Address(view, start + 8, out.source);
  readIpv6Address(view, start + 24, out.destination);
  out.protocol = view.getUint8(start + 6);
  out.ttl = view.getUint8(start + 7);

  const stated = view.getUint16(start + 4);
  // 0 stands for a jumbogram (RFC 2675), and for what segmentation offload leaves; only without a next header it means nothing.
  const totalBytes = stated === 0 && out.protocol !== IpProtocol.noNextHeader ? onWire : HEADER_BYTES + stated;
  out.ipBytes = Math.min(totalBytes, onWire);
  out.ipPayloadStart = start + HEADER_BYTES;
  out.ipPayloadEnd = Math.min(start + out.ipBytes, end);
  out.ipPayloadBytes = out.ipBytes - HEADER_BYTES;
  const verdict = followExtensions(view, out);
  if (totalBytes > onWire)
    return noteBad(PacketProblem.ipBadTotalLength, 0, totalBytes, onWire, PacketLimit.frame, out);
  return totalBytes > captured && verdict === Verdict.whole ? Verdict.cut : verdict;
}

/**
 * Moves the IP payload of `out` behind the extension headers that it starts with, as far as a fragment header that tells of
 * more than one fragment: what follows that one is only known when the datagram is put together.
 */
export function followExtensions(view: DataView, out: Packet): Verdict {
  for (let headers = 0; isExtension(out.protocol); headers++) {
    const at = out.ipPayloadStart;
    const captured = out.ipPayloadEnd - at;
    if (headers === MAX_IPV6_EXTENSION_HEADERS)
      return noteBad(PacketProblem.ipTooManyExtensions, at - out.ipStart, 0, captured, PacketLimit.bound, out);
    if (captured < MINIMUM_EXTENSION_BYTES)
      return noteCut(at - out.ipStart, MINIMUM_EXTENSION_BYTES, captured, out.ipPayloadBytes, PacketLimit.ip, out);
    const headerBytes = extensionBytes(out.protocol, view.getUint8(at + 1));
    if (captured < headerBytes)
      return noteCut(at - out.ipStart, headerBytes, captured, out.ipPayloadBytes, PacketLimit.ip, out);
    const isFragment = out.protocol === IpProtocol.fragment && readFragment(view, at, out);
    out.protocol = view.getUint8(at);
    out.ipPayloadStart = at + headerBytes;
    out.ipPayloadBytes -= headerBytes;
    if (isFragment) {
      out.kind = PacketKind.fragment;
      return Verdict.whole;
    }
  }
  out.kind = PacketKind.otherIp;
  return Verdict.whole;
}

/** True for the headers that stand between IPv6 and its payload. */
export function isExtension(protocol: number): boolean {
  return (
    protocol === IpProtocol.hopByHop ||
    protocol === IpProtocol.routing ||
    protocol === IpProtocol.fragment ||
    protocol === IpProtocol.authentication ||
    protocol === IpProtocol.destinationOptions
  );
}

/** Length of an extension header whose byte 1 is `lengthField`: units of eight bytes after the first, or as its own RFC has it. */
export function extensionBytes(protocol: number, lengthField: number): number {
  if (protocol === IpProtocol.fragment) return MINIMUM_EXTENSION_BYTES;
  if (protocol === IpProtocol.authentication) return Math.max((lengthField + 2) << 2, MINIMUM_EXTENSION_BYTES); // RFC 4302 section 2.2
  return (lengthField + 1) << 3;
}

/** Copies the sixteen bytes at `at`. */
export function readIpv6Address(view: DataView, at: number, out: IpAddress): void {
  out.word0 = view.getInt32(at);
  out.word1 = view.getInt32(at + 4);
  out.word2 = view.getInt32(at + 8);
  out.word3 = view.getInt32(at + 12);
}

/** Fragment header, RFC 8200 section 4.5. False for an atomic fragment (RFC 6946), which is a whole datagram. */
function readFragment(view: DataView, at: number, out: Packet): boolean {
  const fragment = view.getUint16(at + 2);
  out.fragmentOffset = fragment & OFFSET_MASK;
  out.moreFragments = (fragment & MORE_FRAGMENTS) !== 0;
  out.identification = view.getInt32(at + 4);
  return out.fragmentOffset !== 0 || out.moreFragments;
}

function noteCut(
  offset: number,
  needed: number,
  captured: number,
  stated: number,
  statedLimit: number,
  out: Packet,
): Verdict {
  return noteShort(PacketProblem.ipCut, PacketLayer.ipv6, offset, needed, captured, stated, statedLimit, out);
}

function noteBad(code: number, offset: number, needed: number, available: number, limit: number, out: Packet): Verdict {
  return noteMalformed(code, PacketLayer.ipv6, offset, needed, available, limit, out);
}
