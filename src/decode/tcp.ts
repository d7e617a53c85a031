/**
 * TCP, RFC 9293. Ports 0-1 and 2-3, sequence 4-7, acknowledgment 8-11, data offset and flags 12-13, window 14-15, options
 * from 20. Options: RFC 9293 (MSS), RFC 7323 (window scale, time stamps), RFC 2018 (SACK).
 */
import { type Packet, PacketKind } from "./packet.ts";
import { noteMalformed, noteShort, PacketLayer, PacketLimit, PacketProblem } from "./packet-problem.ts";
import { Verdict } from "./verdict.ts";

const HEADER_BYTES = 20;

/** Two no-operations, then the time stamp option of ten bytes: how nearly every stack sends it (RFC 7323 appendix A). */
const ALIGNED_TIMESTAMPS = 0x0101080a;

const Option = {
  end: 0,
  noOperation: 1,
  maxSegmentSize: 2,
  windowScale: 3,
  sackPermitted: 4,
  sack: 5,
  timestamps: 8,
} as const;

/**
 * Fills the TCP fields of `out` from the IP payload `[start, end)`, whose length on the wire is `out.ipPayloadBytes`.
 * Options that make no sense are left out, and the rest of the segment stays.
 */
export function decodeTcp(view: DataView, start: number, end: number, out: Packet): Verdict {
  resetTcp(out);
  const captured = end - start;
  const onWire = out.ipPayloadBytes;
  if (captured < HEADER_BYTES) {
    if (captured >= 4) {
      out.sourcePort = view.getUint16(start);
      out.destinationPort = view.getUint16(start + 2);
    }
    return noteCut(HEADER_BYTES, captured, onWire, out);
  }
  out.sourcePort = view.getUint16(start);
  out.destinationPort = view.getUint16(start + 2);
  const offsetAndFlags = view.getUint16(start + 12);
  const headerBytes = (offsetAndFlags >>> 12) << 2;
  if (headerBytes < HEADER_BYTES)
    return noteBad(PacketProblem.tcpBadDataOffset, 12, HEADER_BYTES, headerBytes, PacketLimit.ip, out);
  if (headerBytes > onWire)
    return noteBad(PacketProblem.tcpBadDataOffset, 12, headerBytes, onWire, PacketLimit.ip, out);

  out.kind = PacketKind.tcp;
  out.sequence = view.getInt32(start + 4);
  out.acknowledgment = view.getInt32(start + 8);
  out.tcpFlags = offsetAndFlags & 0x1ff;
  out.window = view.getUint16(start + 14);
  out.payloadStart = Math.min(start + headerBytes, end);
  out.payloadEnd = end;
  out.payloadBytes = onWire - headerBytes;
  if (headerBytes === HEADER_BYTES) return Verdict.whole;
  if (headerBytes === 32 && captured >= 32 && view.getInt32(start + 20) === ALIGNED_TIMESTAMPS) {
    out.hasTimestamps = true;
    out.timestampValue = view.getInt32(start + 24);
    out.timestampEcho = view.getInt32(start + 28);
    return Verdict.whole;
  }
  const verdict = decodeOptions(view, start, out.payloadStart, start + headerBytes, out);
  if (captured >= headerBytes) return verdict;
  return noteCut(headerBytes, captured, onWire, out);
}

/**
 * Reads the options of the header at `start` up to `end`; by the header they end at `statedEnd`, which the capture may not
 * hold. A length that cannot be ends them: where the next one starts is not known.
 */
function decodeOptions(view: DataView, start: number, end: number, statedEnd: number, out: Packet): Verdict {
  let verdict: Verdict = Verdict.whole;
  let at = start + HEADER_BYTES;
  while (at < end) {
    const kind = view.getUint8(at);
    if (kind === Option.end) break;
    if (kind === Option.noOperation) {
      at++;
      continue;
    }
    const lengthBytes = at + 1 < end ? view.getUint8(at + 1) : 2;
    if (lengthBytes < 2 || at + lengthBytes > statedEnd)
      return noteBadOption(at - start, Math.max(lengthBytes, 2), statedEnd - at, out);
    if (at + lengthBytes > end) break; // Cut, as the caller sees by the header's length.
    if (!decodeOption(view, at, kind, lengthBytes, out))
      verdict = noteBadOption(at - start, lengthBytes, statedEnd - at, out);
    at += lengthBytes;
  }
  return verdict;
}

/** Fills what one option tells. False when it has another length than its kind demands. */
function decodeOption(view: DataView, at: number, kind: number, lengthBytes: number, out: Packet): boolean {
  switch (kind) {
    case Option.maxSegmentSize:
      if (lengthBytes !== 4) return false;
      out.maxSegmentSize = view.getUint16(at + 2);
      return true;
    case Option.windowScale:
      if (lengthBytes !== 3) return false;
      out.windowScale = view.getUint8(at + 2);
      return true;
    case Option.sackPermitted:
      if (lengthBytes !== 2) return false;
      out.sackPermitted = true;
      return true;
    case Option.sack:
      if (lengthBytes < 10 || (lengthBytes - 2) % 8 !== 0) return false;
      out.sackBlocks = (lengthBytes - 2) >>> 3;
      out.sackLeft = view.getInt32(at + 2);
      out.sackRight = view.getInt32(at + 6);
      return true;
    case Option.timestamps:
      if (lengthBytes !== 10) return false;
      out.hasTimestamps = true;
      out.timestampValue = view.getInt32(at + 2);
      out.timestampEcho = view.getInt32(at + 6);
      return true;
    default:
      return true;
  }
}

function resetTcp(out: Packet): void {
  out.sequence = 0;
  out.acknowledgment = 0;
  out.tcpFlags = 0;
  out.window = 0;
  out.maxSegmentSize = -1;
  out.windowScale = -1;
  out.sackPermitted = false;
  out.hasTimestamps = false;
  out.timestampValue = 0;
  out.timestampEcho = 0;
  out.sackBlocks = 0;
  out.sackLeft = 0;
  out.sackRight = 0;
}

function noteCut(needed: number, captured: number, onWire: number, out: Packet): Verdict {
  return noteShort(PacketProblem.tcpCut, PacketLayer.tcp, 0, needed, captured, onWire, PacketLimit.ip, out);
}

function noteBad(code: number, offset: number, needed: number, available: number, limit: number, out: Packet): Verdict {
  return noteMalformed(code, PacketLayer.tcp, offset, needed, available, limit, out);
}

function noteBadOption(offset: number, needed: number, available: number, out: Packet): Verdict {
  return noteBad(PacketProblem.tcpBadOption, offset, needed, available, PacketLimit.tcpHeader, out);
}
