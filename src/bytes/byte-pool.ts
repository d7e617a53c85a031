/** Keeps byte ranges of a capture (DNS answers) one after another in large blocks, under a bound. */
import { MAX_KEPT_RANGE_BYTES } from "../limits.ts";

const BLOCK_BYTES = 1 << 20;

export class BytePool {
  /** Ranges that were not kept because the pool was full. */
  refused = 0;
  readonly #maxBytes: number;
  readonly #blocks: (DataView | undefined)[] = [];
  /** Blocks that were given back: they come before new ones. */
  readonly #free: number[] = [];
  /** The block that is being filled, and where it goes on. */
  #block = 0;
  #used = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Copies `view[start, end)`, of which at most MAX_KEPT_RANGE_BYTES. Answers its place, or -1 when the pool is full. */
  add(view: DataView, start: number, end: number): number {
    const length = Math.min(end - start, MAX_KEPT_RANGE_BYTES);
    if (length > BLOCK_BYTES - this.#used && !this.#nextBlock()) {
      this.refused++;
      return -1;
    }
    const place = this.#block * BLOCK_BYTES + this.#used;
    if (place + length > this.#maxBytes) {
      this.refused++;
      return -1;
    }
    const block = this.#blocks[this.#block] ?? new DataView(new ArrayBuffer(BLOCK_BYTES));
    this.#blocks[this.#block] = block;
    let own = place % BLOCK_BYTES;
    let at = start;
    for (const words = start + (length & ~3); at < words; at += 4, own += 4) block.setUint32(own, view.getUint32(at));
    for (const stop = start + length; at < stop; at++, own++) block.setUint8(own, view.getUint8(at));
    this.#used += length;
    return place;
  }

  /** Gives back the blocks in which none of these places is. */
  keepOnly(places: Iterable<number>): void {
    const needed = new Uint8Array(this.#blocks.length);
    for (const place of places) needed[Math.floor(place / BLOCK_BYTES)] = 1;
    for (const [index, block] of this.#blocks.entries()) {
      if (block === undefined || needed[index] === 1 || index === this.#block) continue;
      this.#blocks[index] = undefined;
      this.#free.push(index);
    }
  }

  /** Goes on to another block; false when there is none. */
  #nextBlock(): boolean {
    const next = this.#free.pop() ?? Math.max(this.#blocks.length, this.#block + 1);
    if (next * BLOCK_BYTES >= this.#maxBytes) return false;
    this.#block = next;
    this.#used = 0;
    return true;
  }

  /** The block that holds a place; its range starts at `startIn(place)`. */
  viewOf(place: number): DataView {
    return this.#blocks[Math.floor(place / BLOCK_BYTES)] ?? EMPTY;
  }

  startIn(place: number): number {
    return place % BLOCK_BYTES;
  }
}

const EMPTY = new DataView(new ArrayBuffer(0));
