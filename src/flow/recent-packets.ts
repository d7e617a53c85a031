/**
 * What was seen a moment ago, found by a 64-bit hash: a table of fixed size whose rows are used again when their time is over, or
 * when their bucket is full. Two different packets take each other's place with a chance of one in 2^64, or when someone tries.
 */
const WAYS = 4;
const WAYS_SHIFT = 2;

/** Rows of recent packets. `find` and `add` answer row numbers, which stay valid until the next `add`. */
export class RecentPackets {
  readonly atNs: Float64Array;
  /** For the owner's use. */
  readonly value0: Int32Array;
  readonly value1: Int32Array;
  readonly value2: Int32Array;
  readonly value3: Int32Array;
  private readonly low: Int32Array;
  private readonly high: Int32Array;
  private readonly bucketMask: number;

  /** `rows` is a power of two, at least four. */
  constructor(rows: number) {
    this.atNs = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
    this.value0 = new Int32Array(rows);
    this.value1 = new Int32Array(rows);
    this.value2 = new Int32Array(rows);
    this.value3 = new Int32Array(rows);
    this.low = new Int32Array(rows);
    this.high = new Int32Array(rows);
    this.bucketMask = (rows >> WAYS_SHIFT) - 1;
  }

  /** A row with this hash within `windowNs` of `atNs`, the latest added first; -1 when there is none. */
  find(low: number, high: number, atNs: number, windowNs: number): number {
    const first = (low & this.bucketMask) << WAYS_SHIFT;
    let found = -1;
    let foundAtNs = Number.NEGATIVE_INFINITY;
    for (let row = first; row < first + WAYS; row++) {
      if (this.low[row] !== low || this.high[row] !== high) continue;
      const rowAtNs = this.atNs[row] ?? foundAtNs;
      if (rowAtNs > foundAtNs && Math.abs(atNs - rowAtNs) <= windowNs) {
        found = row;
        foundAtNs = rowAtNs;
      }
    }
    return found;
  }

  /** A row for this hash, in place of the oldest of its bucket. Its values are those of the row before: set them all. */
  add(low: number, high: number, atNs: number): number {
    const first = (low & this.bucketMask) << WAYS_SHIFT;
    let oldest = first;
    for (let row = first + 1; row < first + WAYS; row++) {
      if ((this.atNs[row] ?? 0) < (this.atNs[oldest] ?? 0)) oldest = row;
    }
    this.low[oldest] = low;
    this.high[oldest] = high;
    this.atNs[oldest] = atNs;
    return oldest;
  }
}
