/** The block that a reader scans: filled by a feed, used up from the front, one `ArrayBuffer` reused for the whole source. */
import { BLOCK_BYTES } from "../limits.ts";

/** A window `[start, end)` of a source's bytes. What a reader has used up may be overwritten by the next `makeRoom`. */
export class BlockBuffer {
  bytes: Uint8Array<ArrayBuffer>;
  /** Over the whole of `bytes`. Replaced when the block grows, so ask again after each fill. */
  view: DataView<ArrayBuffer>;
  /** First byte that the reader has not used. */
  start = 0;
  /** End of the bytes read so far. */
  end = 0;
  /** Offset in the decompressed source of `bytes[0]`. */
  origin = 0;
  /** Bytes from `start` on that the reader must have together to go on; the block grows to hold them. */
  needed = 0;
  /** True when no further bytes will come. */
  ended = false;
  /** True when the bytes ended because of a fault that is told elsewhere, so that a cut record needs no second word. */
  failed = false;
  /** True once the source is known for a capture: whoever still writes it may complete its last record. */
  expectsMore = false;
  /** True when the source was seen to grow while it was read: a record that is not complete is then no fault. */
  growing = false;

  constructor(capacity: number = BLOCK_BYTES) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Bytes at hand. */
  get available(): number {
    return this.end - this.start;
  }

  /** Offset in the decompressed source of the first byte that is not used. */
  get offset(): number {
    return this.origin + this.start;
  }

  /** Moves what is left to the front, grows the block when `needed` does not fit, and returns how many bytes may be put at `end`. */
  makeRoom(): number {
    const left = this.end - this.start;
    if (this.needed > this.bytes.length || left === this.bytes.length) {
      const larger = new Uint8Array(powerOfTwoFrom(Math.max(this.needed, left + 1)));
      larger.set(this.bytes.subarray(this.start, this.end));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    } else if (this.start > 0) {
      this.bytes.copyWithin(0, this.start, this.end);
    }
    this.origin += this.start;
    this.start = 0;
    this.end = left;
    return this.bytes.length - left;
  }

  /** Takes as much of `chunk` as fits after a `makeRoom`, and returns how many bytes that was. */
  append(chunk: Uint8Array): number {
    const taken = Math.min(chunk.length, this.makeRoom());
    this.bytes.set(taken === chunk.length ? chunk : chunk.subarray(0, taken), this.end);
    this.end += taken;
    return taken;
  }
}

function powerOfTwoFrom(minimum: number): number {
  let size = 4096;
  while (size < minimum) size *= 2;
  return size;
}
