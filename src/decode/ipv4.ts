/**
 * IPv4, RFC 791. Version and header length 0, total length 2-3, identification 4-5, flags and fragment offset 6-7, TTL 8,
 * protocol 9, source 12-15, destination 16-19, options from 20. Options are skipped: none changes what a packet is here.
 */
import { type Packet, PacketKind } from "./packet.ts";
import { noteMalformed, noteShort, PacketLayer, PacketLimit, PacketProblem } from "./packet-problem.ts";
import { Verdict } from "./verdict.ts";

export const HEADER_BYTES = 20;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const OFFSET_MASK = 0x1fff;

/**
 * Fills the network fields of `out`, which `resetPacket` made ready, from the link payload `[start, end)`, whose length on
 * the wire is `out.linkPayloadBytes`. Leaves `kind` none when the payload cannot be found.
 */
export function decodeIpv4(view: DataView, start: number, end: number, out: Packet): Verdict {
  out.ipStart = start;
  const captured = end - start;
  const onWire = out.linkPayloadBytes;
  if (captured < HEADER_BYTES) return noteCut(HEADER_BYTES, captured, onWire, out);
  const first = view.getUint8(start);
  if (first >>> 4 !== 4) return noteBad(PacketProblem.ipBadVersion, 0, captured, out);
  out.ipVersion = 4;
  out.source.word3 = view.getInt32(start + 12);
  out.destination.word3 = view.getInt32(start + 16);
  out.ttl = view.getUint8(start + 8);
  out.protocol = view.getUint8(start + 9);
  out.identification = view.getUint16(start + 4);
  const fragment = view.getUint16(start + 6);
  out.dontFragment = (fragment & DONT_FRAGMENT) !== 0;
  out.moreFragments = (fragment & MORE_FRAGMENTS) !== 0;
  out.fragmentOffset = (fragment & OFFSET_MASK) << 3;

  const headerBytes = (first & 0x0f) << 2;
  const stated = view.getUint16(start + 2);
  // Segmentation offload hands over packets larger than the field can say, with 0 in it.
  const totalBytes = stated === 0 ? onWire : stated;
  out.ipBytes = Math.min(totalBytes, onWire);
  if (headerBytes < HEADER_BYTES) return noteBad(PacketProblem.ipBadHeaderLength, HEADER_BYTES, headerBytes, out);
  if (totalBytes < headerBytes) return noteBad(PacketProblem.ipBadTotalLength, headerBytes, totalBytes, out);
  if (captured < headerBytes) return noteCut(headerBytes, captured, onWire, out);

  out.kind = (fragment & (MORE_FRAGMENTS | OFFSET_MASK)) === 0 ? PacketKind.otherIp : PacketKind.fragment;
  out.ipPayloadStart = start + headerBytes;
  out.ipPayloadEnd = Math.min(start + out.ipBytes, end);
  out.ipPayloadBytes = out.ipBytes - headerBytes;
  if (totalBytes > onWire) return noteBad(PacketProblem.ipBadTotalLength, totalBytes, onWire, out);
  return totalBytes > captured ? Verdict.cut : Verdict.whole;
}

function noteCut(needed: number, captured: number, onWire: number, out: Packet): Verdict {
  return noteShort(PacketProblem.ipCut, PacketLayer.ipv4, 0, needed, captured, onWire, PacketLimit.frame, out);
}

function noteBad(code: number, needed: number, available: number, out: Packet): Verdict {
  return noteMalformed(code, PacketLayer.ipv4, 0, needed, available, PacketLimit.frame, out);
}
