/** Names in DNS messages, RFC 1035 sections 3.1 and 4.1.4: labels of up to 63 bytes, and pointers to names elsewhere in the message. */
import { MAX_DNS_POINTERS } from "../limits.ts";

/** RFC 1035 section 2.3.4: lengths of all labels, their length bytes and the root's. */
export const MAX_NAME_BYTES = 255;

/** Bytes of a DNS message's header, where no name can stand. */
export const DNS_HEADER_BYTES = 12;

/** Characters with a meaning of their own in a zone file (RFC 1035 section 5.1), which a label has after a backslash. */
const SPECIAL = '.\\"();@$';

/** What can be wrong with a name: negative, so that one number is either an offset or a fault. */
export const NameFault = { cut: -1, badLabel: -2, tooLong: -3, pointerLoop: -4, pointerOutside: -5 } as const;
export type NameFault = (typeof NameFault)[keyof typeof NameFault];

/** Targets of the pointers of the name being walked, to see one come again. */
const targets = new Uint32Array(MAX_DNS_POINTERS);

/**
 * Where the name at `at` ends in the message `view[start, end)`: the offset behind its root byte or its first pointer, or a NameFault.
 * Pointers are followed, so that the whole name is known to be sound. They count from `start`, and none points into the `headerBytes`
 * there.
 */
export function nameEnd(
  view: DataView,
  start: number,
  end: number,
  at: number,
  headerBytes: number = DNS_HEADER_BYTES,
): number {
  let position = at;
  let after = -1;
  let nameBytes = 1;
  let pointers = 0;
  while (position < end) {
    const length = view.getUint8(position);
    if (length === 0) return after < 0 ? position + 1 : after;
    if (length < 0x40) {
      nameBytes += length + 1;
      if (nameBytes > MAX_NAME_BYTES) return NameFault.tooLong;
      position += length + 1;
      continue;
    }
    if (length < 0xc0) return NameFault.badLabel; // 01 and 10 are not label types (RFC 6891 section 5)
    if (position + 2 > end) return NameFault.cut;
    if (after < 0) after = position + 2;
    const target = start + (view.getUint16(position) & 0x3fff);
    if (target < start + headerBytes || target >= end) return NameFault.pointerOutside;
    if (pointers === MAX_DNS_POINTERS || wasTarget(target, pointers)) return NameFault.pointerLoop;
    targets[pointers] = target;
    pointers++;
    position = target;
  }
  return NameFault.cut;
}

/**
 * The name at `at` as text: no dot at its end, "." for the root, special characters inside a label after a backslash, bytes that
 * are not visible ASCII as \DDD (RFC 1035 section 5.1). Null when the name is not sound.
 */
export function nameText(
  view: DataView,
  start: number,
  end: number,
  at: number,
  headerBytes: number = DNS_HEADER_BYTES,
): string | null {
  if (nameEnd(view, start, end, at, headerBytes) < 0) return null;
  let text = "";
  let position = at;
  for (let length = view.getUint8(position); length !== 0; length = view.getUint8(position)) {
    if (length >= 0xc0) {
      position = start + (view.getUint16(position) & 0x3fff);
      continue;
    }
    if (text !== "") text += ".";
    const labelEnd = position + 1 + length;
    for (let next = position + 1; next < labelEnd; next++) text += labelCharacter(view.getUint8(next));
    position = labelEnd;
  }
  return text === "" ? "." : text;
}

function labelCharacter(byte: number): string {
  if (byte <= 0x20 || byte >= 0x7f) return decimalEscape(byte);
  const character = String.fromCharCode(byte);
  return SPECIAL.includes(character) ? `\\${character}` : character;
}

/** \DDD, three decimal digits. */
export function decimalEscape(byte: number): string {
  return `\\${String(byte).padStart(3, "0")}`;
}

function wasTarget(target: number, count: number): boolean {
  for (let index = 0; index < count; index++) if (targets[index] === target) return true;
  return false;
}
