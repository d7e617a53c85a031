/** zstd's entropy-coded bitstreams, which are read from their last bit to their first (RFC 8878 section 4.1). */
import { DamagedData } from "../decoder.ts";

/** A bitstream in `bytes[start, end)`. Its last byte ends with a 1 bit that marks where the stream begins, and zeros above it. */
export class BackwardBits {
  /** Bits that are left; negative once more were read than there are. Those read as 0. */
  left: number;
  readonly #bytes: Uint8Array;
  readonly #start: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    const last = bytes[end - 1];
    if (end <= start || last === undefined || last === 0) throw new DamagedData("a bitstream has no end mark");
    this.#bytes = bytes;
    this.#start = start;
    this.left = (end - start - 1) * 8 + (31 - Math.clz32(last));
  }

  /** The next `count` bits, at most 24, as a number. */
  read(count: number): number {
    this.left -= count;
    return this.#at(this.left, count);
  }

  /** The same for up to 31 bits. */
  readLong(count: number): number {
    if (count <= 24) return this.read(count);
    const upper = this.read(count - 16);
    return upper * 0x10000 + this.read(16);
  }

  /** The next `count` bits without passing them. */
  peek(count: number): number {
    return this.#at(this.left - count, count);
  }

  #at(position: number, count: number): number {
    if (position < 0) return position + count <= 0 ? 0 : this.#at(0, position + count) << -position;
    const first = this.#start + (position >> 3);
    const bytes = this.#bytes;
    const word =
      (bytes[first] ?? 0) |
      ((bytes[first + 1] ?? 0) << 8) |
      ((bytes[first + 2] ?? 0) << 16) |
      ((bytes[first + 3] ?? 0) << 24);
    return (word >>> (position & 7)) & ((1 << count) - 1);
  }
}
