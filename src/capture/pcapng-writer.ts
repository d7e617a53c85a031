/**
 * Writes pcapng (draft-ietf-opsawg-pcapng), little endian, one section, times in nanoseconds: for recordings and extracts.
 * Each function gives one whole block; the order is section header, interface descriptions, then packets and statistics.
 */

import { PRIMARY_NIC_DESCRIPTION } from "./pcapng-options.ts";

/** What an interface description says. */
export interface WrittenInterface {
  /** LINKTYPE_ number. */
  linkType: number;
  /** Null when unlimited or unknown. */
  snapLength: number | null;
  name: string | null;
  /** Name of the VM's primary NIC, which may be another one; null when it is not told. */
  primaryNic: string | null;
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
const OPTION_INTERFACE_DESCRIPTION = 3;
const OPTION_TIME_RESOLUTION = 9;
const OPTION_START_TIME = 2;
const OPTION_END_TIME = 3;
const OPTION_INTERFACE_DROPS = 5;
const NANOSECONDS = 9;
const BILLION = 1_000_000_000;
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

export function interfaceDescriptionBlock({ linkType, snapLength, name, primaryNic }: WrittenInterface): Uint8Array {
  const body = new Uint8Array(8);
  const view = new DataView(body.buffer);
  view.setUint16(0, linkType, true);
  view.setUint32(4, snapLength ?? 0, true);
  const named: Option[] = name === null ? [] : [[OPTION_INTERFACE_NAME, TEXT.encode(name)]];
  if (primaryNic !== null)
    named.push([OPTION_INTERFACE_DESCRIPTION, TEXT.encode(`${PRIMARY_NIC_DESCRIPTION}${primaryNic}`)]);
  return block(INTERFACE_DESCRIPTION, [
    body,
    ...options([...named, [OPTION_TIME_RESOLUTION, Uint8Array.of(NANOSECONDS)]]),
  ]);
}

/** Written in place, without parts: an extract has millions of them. */
export function enhancedPacketBlock({
  interfaceIndex,
  seconds,
  nanoseconds,
  bytes: captured,
  wireBytes,
  comments,
}: WrittenPacket): Uint8Array {
  const behind = options(comments.map((comment): Option => [OPTION_COMMENT, TEXT.encode(comment)]));
  let at = 28 + padded(captured.length);
  const total = behind.reduce((sum, part) => sum + part.length, at + 4);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, ENHANCED_PACKET, true);
  view.setUint32(4, total, true);
  view.setUint32(8, interfaceIndex, true);
  putTicks(view, 12, seconds, nanoseconds);
  view.setUint32(20, captured.length, true);
  view.setUint32(24, wireBytes, true);
  bytes.set(captured, 28);
  for (const part of behind) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(at, total, true);
  return bytes;
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

function ticksBytes([seconds, nanoseconds]: WrittenInstant): Uint8Array {
  const bytes = new Uint8Array(8);
  putTicks(new DataView(bytes.buffer), 0, seconds, nanoseconds);
  return bytes;
}

/** Nanoseconds since 1970, high 32 bits first, each little endian (section 4.3). In two halves of 1e9, for doubles are exact only up to 2^53. */
function putTicks(view: DataView, at: number, seconds: number, nanoseconds: number): void {
  const upper = seconds * (BILLION >>> 16);
  const lower = seconds * (BILLION & 0xffff) + nanoseconds + (upper % 0x10000) * 0x10000;
  view.setUint32(at, Math.floor(upper / 0x10000) + Math.floor(lower / 0x100000000), true);
  view.setUint32(at + 4, lower % 0x100000000, true);
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
