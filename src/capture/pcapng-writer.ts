/**
 * Writes pcapng (draft-ietf-opsawg-pcapng), little endian, one section, times in nanoseconds: for recordings and extracts.
 * Each function gives one whole block; the order is section header, interface descriptions, then packets and statistics.
 */

/** What an interface description says. */
export interface WrittenInterface {
  /** LINKTYPE_ number. */
  linkType: number;
  /** Null when unlimited or unknown. */
  snapLength: number | null;
  name: string | null;
}

/** One packet. */
export interface WrittenPacket {
  /** Position of its interface among the interface descriptions. */
  interfaceIndex: number;
  /** Seconds since 1970, and nanoseconds of that second. */
  seconds: number;
  nanoseconds: number;
  bytes: Uint8Array;
  wireBytes: number;
  comments: readonly string[];
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OPTION_END = 0;
const OPTION_COMMENT = 1;
const OPTION_APPLICATION = 4;
const OPTION_INTERFACE_NAME = 2;
const OPTION_TIME_RESOLUTION = 9;
const OPTION_START_TIME = 2;
const OPTION_END_TIME = 3;
const OPTION_INTERFACE_DROPS = 5;
const NANOSECONDS = 9;
/** An option's length is a 16-bit number; what is longer is cut. */
const MAX_OPTION_BYTES = 0xffff;

const TEXT = new TextEncoder();

/** Version 1.0, section length not told. `application` is who writes. */
export function sectionHeaderBlock(application: string): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  view.setInt32(8, -1, true);
  view.setInt32(12, -1, true);
  return block(SECTION_HEADER, [body, ...options([[OPTION_APPLICATION, TEXT.encode(application)]])]);
}

export function interfaceDescriptionBlock({ linkType, snapLength, name }: WrittenInterface): Uint8Array {
  const body = new Uint8Array(8);
  const view = new DataView(body.buffer);
  view.setUint16(0, linkType, true);
  view.setUint32(4, snapLength ?? 0, true);
  const named: Option[] = name === null ? [] : [[OPTION_INTERFACE_NAME, TEXT.encode(name)]];
  return block(INTERFACE_DESCRIPTION, [
    body,
    ...options([...named, [OPTION_TIME_RESOLUTION, Uint8Array.of(NANOSECONDS)]]),
  ]);
}

export function enhancedPacketBlock(packet: WrittenPacket): Uint8Array {
  const body = new Uint8Array(20 + padded(packet.bytes.length));
  const view = new DataView(body.buffer);
  view.setUint32(0, packet.interfaceIndex, true);
  body.set(ticksBytes([packet.seconds, packet.nanoseconds]), 4);
  view.setUint32(12, packet.bytes.length, true);
  view.setUint32(16, packet.wireBytes, true);
  body.set(packet.bytes, 20);
  const comments = packet.comments.map((comment): Option => [OPTION_COMMENT, TEXT.encode(comment)]);
  return block(ENHANCED_PACKET, [body, ...options(comments)]);
}

/** Seconds since 1970, and nanoseconds of that second. */
export type WrittenInstant = readonly [seconds: number, nanoseconds: number];

/** How long an interface was captured, and how many packets were lost meanwhile; null when that is not known. */
export function interfaceStatisticsBlock(
  interfaceIndex: number,
  from: WrittenInstant,
  to: WrittenInstant,
  droppedPackets: number | null,
): Uint8Array {
  const body = new Uint8Array(12);
  const view = new DataView(body.buffer);
  view.setUint32(0, interfaceIndex, true);
  body.set(ticksBytes(to), 4);
  const times: Option[] = [
    [OPTION_START_TIME, ticksBytes(from)],
    [OPTION_END_TIME, ticksBytes(to)],
  ];
  return block(INTERFACE_STATISTICS, [body, ...options([...times, ...dropsOption(droppedPackets)])]);
}

function dropsOption(droppedPackets: number | null): Option[] {
  if (droppedPackets === null) return [];
  const drops = new Uint8Array(8);
  new DataView(drops.buffer).setBigUint64(0, BigInt(droppedPackets), true);
  return [[OPTION_INTERFACE_DROPS, drops]];
}

/** High 32 bits first, each little endian (section 4.3). */
function ticksBytes([seconds, nanoseconds]: WrittenInstant): Uint8Array {
  const ticks = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Number((ticks >> 32n) & 0xffffffffn), true);
  view.setUint32(4, Number(ticks & 0xffffffffn), true);
  return bytes;
}

type Option = readonly [code: number, value: Uint8Array];

/** Type 0-3, total length 4-7, body, total length again. */
function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const bodyBytes = parts.reduce((sum, part) => sum + part.length, 0);
  const total = 12 + bodyBytes;
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, total, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(at, total, true);
  return bytes;
}

/** Code 0-1, length 2-3, value padded to four bytes; an end of options behind them, and nothing at all without any. */
function options(list: readonly Option[]): Uint8Array[] {
  if (list.length === 0) return [];
  const ends: readonly Option[] = [...list, [OPTION_END, new Uint8Array(0)]];
  return ends.map(([code, value]) => {
    const length = Math.min(value.length, MAX_OPTION_BYTES);
    const bytes = new Uint8Array(4 + padded(length));
    const view = new DataView(bytes.buffer);
    view.setUint16(0, code, true);
    view.setUint16(2, length, true);
    bytes.set(value.subarray(0, length), 4);
    return bytes;
  });
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
