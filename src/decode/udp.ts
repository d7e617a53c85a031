/** UDP, RFC 768. Ports 0-1 and 2-3, length 4-5 (header and data), checksum 6-7; all offsets in bytes. */
import { type Packet, PacketKind } from "./packet.ts";
import { noteMalformed, noteShort, PacketLayer, PacketLimit, PacketProblem } from "./packet-problem.ts";
import { Verdict } from "./verdict.ts";

const HEADER_BYTES = 8;

/** Fills the transport fields of `out` from the IP payload `[start, end)`, whose length on the wire is `out.ipPayloadBytes`. */
export function decodeUdp(view: DataView, start: number, end: number, out: Packet): Verdict {
  const captured = end - start;
  const onWire = out.ipPayloadBytes;
  if (captured >= 4) {
    out.sourcePort = view.getUint16(start);
    out.destinationPort = view.getUint16(start + 2);
  }
  if (captured < HEADER_BYTES)
    return noteShort(PacketProblem.udpCut, PacketLayer.udp, 0, HEADER_BYTES, captured, onWire, PacketLimit.ip, out);
  const stated = view.getUint16(start + 4);
  if (stated !== 0 && stated < HEADER_BYTES) return noteBadLength(HEADER_BYTES, stated, out);
  out.kind = PacketKind.udp;
  const datagramBytes = stated === 0 ? onWire : stated; // 0: jumbogram, RFC 2675 section 4
  out.payloadStart = start + HEADER_BYTES;
  out.payloadEnd = Math.min(start + datagramBytes, end);
  out.payloadBytes = Math.min(datagramBytes, onWire) - HEADER_BYTES;
  if (datagramBytes > onWire) return noteBadLength(datagramBytes, onWire, out);
  return Verdict.whole;
}

function noteBadLength(needed: number, available: number, out: Packet): Verdict {
  return noteMalformed(PacketProblem.udpBadLength, PacketLayer.udp, 4, needed, available, PacketLimit.ip, out);
}
