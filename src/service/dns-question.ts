/** The first question of a DNS message (RFC 1035 section 4.1.2), read in place: where its name stands, and a hash to compare it by. */

import { CUT_MARK } from "../bytes/text.ts";
import { DNS_HEADER_BYTES, MAX_NAME_BYTES, nameText } from "../decode/dns-name.ts";

/** A single reused value. Names are compared without regard to case (RFC 4343): resolvers mix it on purpose. */
export class DnsQuestion {
  /** False when the message states no question. */
  present = false;
  /** False when the question ends outside the bytes, or its name is not sound. What is there of the name counts. */
  whole = false;
  view: DataView = new DataView(new ArrayBuffer(0));
  nameStart = 0;
  /** Behind the root label, or behind the last whole label when the name is not whole. */
  nameEnd = 0;
  type = 0;
  class = 0;
  /** Of the name in lower case and the type. */
  hash = 0;

  read(view: DataView, start: number, end: number): void {
    this.view = view;
    this.present = view.getUint16(start + 4) > 0;
    this.whole = true;
    this.type = 0;
    this.class = 0;
    this.nameStart = start + DNS_HEADER_BYTES;
    this.nameEnd = this.nameStart;
    this.hash = 0x811c9dc5;
    if (this.present) this.#readName(view, end);
  }

  /** Whether this is the question's name. Of a name that was cut, on either side, what is there must be the same. */
  hasName(view: DataView, start: number, end: number): boolean {
    const bytes = end - start;
    const ownBytes = this.nameEnd - this.nameStart;
    if (bytes !== ownBytes && this.whole && isWhole(view, start, end)) return false;
    const common = Math.min(bytes, ownBytes);
    for (let index = 0; index < common; index++) {
      if (lowered(view.getUint8(start + index)) !== lowered(this.view.getUint8(this.nameStart + index))) return false;
    }
    return true;
  }

  /** The name as text; valid while the message's bytes are. */
  text(): string {
    return wireNameText(this.view, this.nameStart, this.nameEnd);
  }

  #readName(view: DataView, end: number): void {
    const limit = Math.min(end, this.nameStart + MAX_NAME_BYTES);
    let hash = this.hash;
    let at = this.nameStart;
    while (at < limit) {
      const length = view.getUint8(at);
      const next = at + 1 + length;
      if (length >= 0x40 || next > limit) break;
      hash = Math.imul(hash ^ length, 0x01000193);
      for (at++; at < next; at++) hash = Math.imul(hash ^ lowered(view.getUint8(at)), 0x01000193);
      this.nameEnd = at;
      if (length > 0) continue;
      if (end - at >= 4) {
        this.type = view.getUint16(at);
        this.class = view.getUint16(at + 2);
        this.hash = Math.imul(hash ^ this.type, 0x01000193);
        return;
      }
      break;
    }
    this.whole = false;
    this.hash = hash;
  }
}

/** Text of a name's wire form, which has no pointers. A name whose end is missing ends with CUT_MARK. */
export function wireNameText(view: DataView, start: number, end: number): string {
  if (end > start && isWhole(view, start, end)) return nameText(view, start, end, start, 0) ?? CUT_MARK;
  if (end <= start) return CUT_MARK;
  const ended = new DataView(new ArrayBuffer(end - start + 1));
  for (let at = start; at < end; at++) ended.setUint8(at - start, view.getUint8(at));
  return `${nameText(ended, 0, ended.byteLength, 0, 0) ?? ""}.${CUT_MARK}`;
}

/** Whether a wire form ends with the root label. */
function isWhole(view: DataView, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const length = view.getUint8(at);
    if (length === 0) return at + 1 === end;
    at += 1 + length;
  }
  return false;
}

function lowered(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
