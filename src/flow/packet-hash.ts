/** A running 64-bit hash of numbers and bytes, as two 32-bit halves that are mixed apart (the mixing steps of MurmurHash3). */
const MULTIPLIER_A = 0xcc9e2d51;
const MULTIPLIER_B = 0x1b873593;
const MULTIPLIER_C = 0x85ebca6b;

/** Reset it, mix in what counts, then read `low` and `high`. */
export class PacketHash {
  low = 0;
  high = 0;

  reset(): void {
    this.low = 0x2f0b4c47;
    this.high = 0x5bd1e995;
  }

  /** Mixes in one 32-bit number. */
  mix(value: number): void {
    const low = this.low ^ Math.imul(value, MULTIPLIER_A);
    this.low = (Math.imul((low << 13) | (low >>> 19), 5) + 0x6b64e654) | 0;
    const high = this.high ^ Math.imul((value << 15) | (value >>> 17), MULTIPLIER_B);
    this.high = Math.imul((high << 17) | (high >>> 15), MULTIPLIER_C) ^ (high >>> 13);
  }

  /** Mixes in the bytes of `view[start, end)`. */
  mixBytes(view: DataView, start: number, end: number): void {
    let at = start;
    for (; at + 4 <= end; at += 4) this.mix(view.getInt32(at));
    for (; at < end; at++) this.mix(view.getUint8(at));
  }

  /** Makes every bit depend on all that was mixed in. */
  finish(): void {
    this.low = avalanche(this.low);
    this.high = avalanche(this.high ^ this.low);
  }
}

function avalanche(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), MULTIPLIER_C);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
