/**
 * A running 64-bit hash of 32-bit words, as two halves that are mixed apart. Words go in by exclusive or alone: V8 keeps that in integers, and
 * makes doubles of sums.
 */
const MULTIPLIER_LOW = 0x9e3779b1;
const MULTIPLIER_HIGH = 0x85ebca6b;

/** Reset it, mix in what counts, finish, then read `low` and `high`. */
export class PacketHash {
  low = 0;
  high = 0;

  reset(): void {
    this.low = 0x2f0b4c47;
    this.high = 0x5bd1e995;
  }

  /** Mixes in the first `count` of `words`. */
  mix(words: Int32Array, count: number): void {
    let { low, high } = this;
    for (let index = 0; index < count; index++) {
      const word = words[index] ?? 0;
      low = Math.imul(low ^ word, MULTIPLIER_LOW);
      high = Math.imul(high ^ word, MULTIPLIER_HIGH);
      low ^= low >>> 15;
      high ^= high >>> 13;
    }
    this.low = low;
    this.high = high;
  }

  /** Mixes in the bytes of `view[start, end)`. */
  mixBytes(view: DataView, start: number, end: number): void {
    let { low, high } = this;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const word = view.getInt32(at);
      low = Math.imul(low ^ word, MULTIPLIER_LOW);
      high = Math.imul(high ^ word, MULTIPLIER_HIGH);
      low ^= low >>> 15;
      high ^= high >>> 13;
    }
    for (; at < end; at++) {
      const byte = view.getUint8(at);
      low = Math.imul(low ^ byte, MULTIPLIER_LOW);
      high = Math.imul(high ^ byte, MULTIPLIER_HIGH);
      low ^= low >>> 15;
      high ^= high >>> 13;
    }
    this.low = low;
    this.high = high;
  }

  /** Makes every bit of the halves depend on all that was mixed into them. */
  finish(): void {
    this.low = avalanche(this.low);
    this.high = avalanche(this.high);
  }
}

/** The last steps of MurmurHash3. */
function avalanche(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
