/**
 * Bytes of a packet to text that is safe to print: whatever a sender writes, it cannot move the cursor, reorder the line, hide a
 * character or end it early. Everything textual that comes from packets passes here (DNS names have RFC 1035's own escapes).
 *
 * Printable UTF-8 stays as it is. Control characters are shown as \t, \n, \r or \xNN, invisible and direction-changing characters as
 * \u{NNNN}, and each byte that is not valid UTF-8 as \xNN. A backslash stays single: the text is for people, not to be decoded again.
 */
import { MAX_TEXT_BYTES } from "../limits.ts";

/** What text that was longer than its bound ends with. */
export const CUT_MARK = "\u2026";

/** Characters that are shown escaped: first and last of each range, ascending. Controls are not listed: they are below 0xa0. */
const HIDDEN_RANGES: readonly number[] = [
  0xad, 0xad, 0x34f, 0x34f, 0x600, 0x605, 0x61c, 0x61c, 0x6dd, 0x6dd, 0x70f, 0x70f, 0x890, 0x891, 0x8e2, 0x8e2, 0x115f,
  0x1160, 0x17b4, 0x17b5, 0x180b, 0x180f, 0x200b, 0x200f, 0x2028, 0x202e, 0x2060, 0x206f, 0x3164, 0x3164, 0xd800,
  0xdfff, 0xfe00, 0xfe0f, 0xfeff, 0xfeff, 0xffa0, 0xffa0, 0xfff0, 0xffff, 0x110bd, 0x110bd, 0x110cd, 0x110cd, 0x13430,
  0x1343f, 0x1bca0, 0x1bca3, 0x1d173, 0x1d17a, 0xe0000, 0xe0fff,
];

/** Text of `view[start, end)`. More than `maxBytes` are cut at a character, and CUT_MARK follows. Never throws. */
export function safeText(view: DataView, start: number, end: number, maxBytes: number = MAX_TEXT_BYTES): string {
  const last = Math.min(end, view.byteLength);
  const stop = Math.min(last, start + maxBytes);
  let text = "";
  let at = Math.max(0, start);
  while (at < stop) {
    const byte = view.getUint8(at);
    if (byte < 0x80) {
      text += byte >= 0x20 && byte !== 0x7f ? String.fromCharCode(byte) : escapedControl(byte);
      at++;
      continue;
    }
    const size = sequenceBytes(view, at, last);
    if (at + size > stop) break;
    text += size === 0 ? hexByte(byte) : safeCodePoint(codePointAt(view, at, size));
    at += size === 0 ? 1 : size;
  }
  return at < last ? text + CUT_MARK : text;
}

/** The same for text that is already decoded (from JSON, XML entities, a capture file's own strings). */
export function safeString(value: string, maxLength: number = MAX_TEXT_BYTES): string {
  let text = "";
  let taken = 0;
  for (const character of value) {
    if (taken + character.length > maxLength) return text + CUT_MARK;
    taken += character.length;
    text += safeCodePoint(character.codePointAt(0) ?? 0);
  }
  return text;
}

/** Lower-case hexadecimal digits of `view[start, end)`, two a byte, without separators. */
export function hexText(view: DataView, start: number, end: number): string {
  let text = "";
  const stop = Math.min(end, view.byteLength);
  for (let at = Math.max(0, start); at < stop; at++) text += hexDigits(view.getUint8(at));
  return text;
}

function safeCodePoint(codePoint: number): string {
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return escapedControl(codePoint);
  if (codePoint < 0xad) return String.fromCharCode(codePoint);
  return isHidden(codePoint) ? `\\u{${codePoint.toString(16).toUpperCase()}}` : String.fromCodePoint(codePoint);
}

function isHidden(codePoint: number): boolean {
  let low = 0;
  let high = HIDDEN_RANGES.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < (HIDDEN_RANGES[middle * 2] ?? 0)) high = middle - 1;
    else if (codePoint > (HIDDEN_RANGES[middle * 2 + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}

function escapedControl(codePoint: number): string {
  if (codePoint === 0x09) return "\\t";
  if (codePoint === 0x0a) return "\\n";
  if (codePoint === 0x0d) return "\\r";
  return codePoint < 0x80 ? hexByte(codePoint) : `\\u{${codePoint.toString(16).toUpperCase()}}`;
}

function hexByte(byte: number): string {
  return `\\x${hexDigits(byte)}`;
}

function hexDigits(byte: number): string {
  return byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
}

/** Bytes of the well-formed UTF-8 sequence (RFC 3629 section 4) at `at`, whose first byte is at least 0x80; 0 when there is none. */
function sequenceBytes(view: DataView, at: number, end: number): number {
  const first = view.getUint8(at);
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size === 0 || at + size > end) return 0;
  const second = view.getUint8(at + 1);
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let next = at + 2; next < at + size; next++) if ((view.getUint8(next) & 0xc0) !== 0x80) return 0;
  return size;
}

function codePointAt(view: DataView, at: number, size: number): number {
  let value = view.getUint8(at) & (0xff >> (size + 1));
  for (let next = at + 1; next < at + size; next++) value = (value << 6) | (view.getUint8(next) & 0x3f);
  return value;
}
