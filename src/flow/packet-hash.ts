/** A running 64-bit hash of numbers and bytes, as two 32-bit halves that are mixed apart. */
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

  /** Mixes in three 32-bit numbers. */
  mix(first: number, second: number, third: number): void {
    let low = Math.imul(this.low ^ first, MULTIPLIER_LOW);
    let high = Math.imul((this.high + first) | 0, MULTIPLIER_HIGH);
    low = Math.imul(low ^ (low >>> 15) ^ second, MULTIPLIER_LOW);
    high = Math.imul(((high ^ (high >>> 13)) + second) | 0, MULTIPLIER_HIGH);
    low = Math.imul(low ^ (low >>> 15) ^ third, MULTIPLIER_LOW);
    high = Math.imul(((high ^ (high >>> 13)) + third) | 0, MULTIPLIER_HIGH);
    this.low = low ^ (low >>> 15);
    this.high = high ^ (high >>> 13);
  }

  /** Mixes in the bytes of `view[start, end)`. */
  mixBytes(view: DataView, start: number, end: number): void {
    let { low, high } = this;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const value = view.getInt32(at);
      low = Math.imul(low ^ value, MULTIPLIER_LOW);
      high = Math.imul((high + value) | 0, MULTIPLIER_HIGH);
      low ^= low >>> 15;
      high ^= high >>> 13;
    }
    this.low = low;
    this.high = high;
    for (; at < end; at++) this.mix(view.getUint8(at), 0, 0);
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
