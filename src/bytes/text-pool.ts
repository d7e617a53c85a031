/**
 * Keeps each different text of a capture once, as bytes, under a small number. Strings are made when asked for, once.
 *
 * The same names and targets come hundreds of thousands of times: a row then costs four bytes and no string. The pool is bounded; what
 * comes when it is full gets FULL_TEXT, which reads as CUT_MARK.
 */
import { MAX_POOLED_BYTES, MAX_POOLED_TEXT_BYTES } from "../limits.ts";
import { CUT_MARK, safeText } from "./text.ts";

/** "There is no text": the pool's number for null. */
export const NO_TEXT = 0;
/** The number of every text that came when the pool was full. */
export const FULL_TEXT = 1;

const FIRST_SLOTS = 1 << 10;
const FIRST_BYTES = 1 << 14;

export class TextPool {
  /** Texts that were not kept because the pool was full. */
  refused = 0;
  readonly #maxBytes: number;
  /** Drawn for this pool, so that texts made to collide do not. No result depends on them. */
  readonly #start: number = (Math.random() * 0x100000000) | 0;
  readonly #multiplier: number = (Math.random() * 0x100000000) | 1;
  #bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  #view: DataView = new DataView(this.#bytes.buffer);
  #used = 0;
  /** End offset in #bytes of the text with this number; a text starts where the one before it ends. */
  #ends: Int32Array = new Int32Array(FIRST_SLOTS >> 1);
  #hashes: Int32Array = new Int32Array(FIRST_SLOTS >> 1);
  #count = 2;
  /** Open addressing: a text's number, 0 where empty. Never more than half full. */
  #slots: Int32Array = new Int32Array(FIRST_SLOTS);
  readonly #cut: Set<number> = new Set();
  readonly #strings: (string | undefined)[] = [];

  constructor(maxBytes: number = MAX_POOLED_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Number of the text `view[start, end)`. Empty text has a number of its own; longer than MAX_POOLED_TEXT_BYTES is cut. */
  intern(view: DataView, start: number, end: number): number {
    const stop = Math.min(end, start + MAX_POOLED_TEXT_BYTES);
    const multiplier = this.#multiplier;
    let hash = this.#start ^ (end > stop ? 1 : 0);
    for (let at = start; at < stop; at++) hash = Math.imul(hash ^ view.getUint8(at), multiplier);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const number = this.#slots[slot] ?? 0;
      if (number === 0) break;
      if (this.#hashes[number] === hash && this.equals(number, view, start, stop)) return number;
      slot = (slot + 1) & mask;
    }
    if (this.#used + (stop - start) > this.#maxBytes) {
      this.refused++;
      return FULL_TEXT;
    }
    const number = this.#append(view, start, stop, hash);
    this.#slots[slot] = number;
    if (end > stop) this.#cut.add(number);
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  /** Number of a string's UTF-8 bytes. */
  internString(text: string): number {
    const bytes = new TextEncoder().encode(text);
    return this.intern(new DataView(bytes.buffer), 0, bytes.length);
  }

  /** The text, escaped to be safe to print; null for NO_TEXT. */
  text(number: number): string | null {
    if (number === NO_TEXT) return null;
    if (number === FULL_TEXT) return CUT_MARK;
    let text = this.#strings[number];
    if (text === undefined) {
      text = safeText(this.#view, this.startOf(number), this.endOf(number)) + (this.#cut.has(number) ? CUT_MARK : "");
      this.#strings[number] = text;
    }
    return text;
  }

  /** Where the bytes of a text stand. Valid until the next text is added. */
  get view(): DataView {
    return this.#view;
  }

  startOf(number: number): number {
    return number < 2 ? 0 : (this.#ends[number - 1] ?? 0);
  }

  endOf(number: number): number {
    return number < 2 ? 0 : (this.#ends[number] ?? 0);
  }

  /** Whether a text has exactly the bytes `view[start, end)`. */
  equals(number: number, view: DataView, start: number, end: number): boolean {
    const from = this.startOf(number);
    if (this.endOf(number) - from !== end - start) return false;
    const bytes = this.#bytes;
    for (let at = start, own = from; at < end; at++, own++) if (bytes[own] !== view.getUint8(at)) return false;
    return true;
  }

  #append(view: DataView, start: number, stop: number, hash: number): number {
    const end = this.#used + (stop - start);
    if (end > this.#bytes.length) this.#grow(end);
    const bytes = this.#bytes;
    for (let at = start, own = this.#used; at < stop; at++, own++) bytes[own] = view.getUint8(at);
    this.#used = end;
    const number = this.#count++;
    if (number >= this.#ends.length) {
      this.#ends = doubled(this.#ends);
      this.#hashes = doubled(this.#hashes);
    }
    this.#ends[number] = end;
    this.#hashes[number] = hash;
    return number;
  }

  #grow(needed: number): void {
    let length = this.#bytes.length;
    while (length < needed) length *= 2;
    const bytes = new Uint8Array(length);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 2; number < this.#count; number++) {
      let slot = (this.#hashes[number] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number;
    }
    this.#slots = slots;
  }
}

function doubled(column: Int32Array): Int32Array {
  const next = new Int32Array(column.length * 2);
  next.set(column);
  return next;
}
