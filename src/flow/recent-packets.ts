/**
 * What was seen a moment ago, found by a 64-bit hash: a table of fixed size whose rows are used again when their time is over, or
 * when their bucket is full. Two different packets take each other's place with a chance of one in 2^64, or when someone tries.
 */
const WAYS = 4;
/** Numbers of a row: the hash's halves, then the owner's. One row fills half a cache line. */
const ROW_SHIFT = 3;
const LOW = 0;
const HIGH = 1;
const FIRST_VALUE = 2;

/** Rows of recent packets. `find` and `add` answer where a row is, valid until the next `add`. */
export class RecentPackets {
  private readonly words: Int32Array;
  private readonly times: Float64Array;
  private readonly bucketMask: number;

  /** `rows` is a power of two, at least four. */
  constructor(rows: number) {
    this.words = new Int32Array(rows << ROW_SHIFT);
    this.times = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
    this.bucketMask = rows - WAYS;
  }

  /** A row with this hash within `windowNs` of `atNs`, the latest in time; -1 when there is none. */
  find(low: number, high: number, atNs: number, windowNs: number): number {
    const { words, times } = this;
    const first = low & this.bucketMask;
    let found = -1;
    let foundAtNs = Number.NEGATIVE_INFINITY;
    for (let row = first; row < first + WAYS; row++) {
      const at = row << ROW_SHIFT;
      if (words[at + LOW] !== low || words[at + HIGH] !== high) continue;
      const rowAtNs = times[row] ?? foundAtNs;
      if (rowAtNs > foundAtNs && Math.abs(atNs - rowAtNs) <= windowNs) {
        found = row;
        foundAtNs = rowAtNs;
      }
    }
    return found;
  }

  /** A row for this hash, in place of the oldest of its bucket, with the first four of the owner's numbers; the other two are 0. */
  add(low: number, high: number, atNs: number, value0: number, value1: number, value2: number, value3: number): void {
    const { words, times } = this;
    const first = low & this.bucketMask;
    let row = first;
    let oldestNs = times[first] ?? 0;
    for (let other = first + 1; other < first + WAYS; other++) {
      const otherNs = times[other] ?? 0;
      if (otherNs < oldestNs) {
        row = other;
        oldestNs = otherNs;
      }
    }
    times[row] = atNs;
    const at = row << ROW_SHIFT;
    words[at + LOW] = low;
    words[at + HIGH] = high;
    words[at + FIRST_VALUE] = value0;
    words[at + FIRST_VALUE + 1] = value1;
    words[at + FIRST_VALUE + 2] = value2;
    words[at + FIRST_VALUE + 3] = value3;
    words[at + FIRST_VALUE + 4] = 0;
    words[at + FIRST_VALUE + 5] = 0;
  }

  /** When the row was added, nanoseconds from the time base. */
  atNs(row: number): number {
    return this.times[row] ?? 0;
  }

  /** One of the owner's six 32-bit numbers. */
  value(row: number, index: number): number {
    return this.words[(row << ROW_SHIFT) + FIRST_VALUE + index] ?? 0;
  }

  setValue(row: number, index: number, value: number): void {
    this.words[(row << ROW_SHIFT) + FIRST_VALUE + index] = value;
  }
}
