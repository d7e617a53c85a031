/** Keeps byte ranges of a capture (DNS answers) one after another in large blocks, under a bound. */
import { MAX_KEPT_RANGE_BYTES } from "../limits.ts";

const BLOCK_BYTES = 1 << 20;

export class BytePool {
  /** Ranges that were not kept because the pool was full. */
  refused = 0;
  readonly #maxBytes: number;
  readonly #blocks: DataView[] = [];
  #used = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Copies `view[start, end)`, of which at most MAX_KEPT_RANGE_BYTES. Answers its place, or -1 when the pool is full. */
  add(view: DataView, start: number, end: number): number {
    const length = Math.min(end - start, MAX_KEPT_RANGE_BYTES);
    let place = this.#used;
    if (length > BLOCK_BYTES - (place % BLOCK_BYTES)) place += BLOCK_BYTES - (place % BLOCK_BYTES);
    if (place + length > this.#maxBytes) {
      this.refused++;
      return -1;
    }
    const index = Math.floor(place / BLOCK_BYTES);
    let block = this.#blocks[index];
    if (block === undefined) {
      block = new DataView(new ArrayBuffer(BLOCK_BYTES));
      this.#blocks[index] = block;
    }
    let own = place % BLOCK_BYTES;
    let at = start;
    for (const words = start + (length & ~3); at < words; at += 4, own += 4) block.setUint32(own, view.getUint32(at));
    for (const stop = start + length; at < stop; at++, own++) block.setUint8(own, view.getUint8(at));
    this.#used = place + length;
    return place;
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
