/**
 * What was seen a moment ago, found by a 64-bit hash: the last so many rows, written one after the other so that adding one touches
 * little memory. Two different packets take each other's place with a chance of one in 2^64, or when someone tries.
 */

/** Numbers of a row: the hash's halves, then the owner's. One row fills half a cache line. */
const ROW_SHIFT = 3;
const LOW = 0;
const HIGH = 1;
const FIRST_VALUE = 2;

/** Rows of one chain that are looked at: more share a chain only when someone tries. */
const MAX_WALK = 16;

/**
 * Rows of recent packets. `find` and `add` answer where a row is, valid until the next `add`.
 *
 * Rows whose hashes have the lowest bits in common are a chain, latest first. A link is the row that it leads to, in the lowest bits, with the other
 * bits of that row's hash: a look-up reads no row but the one that it is after. Rows are used again after a round without a word to the
 * links that lead to them: a chain ends where it does not lead to an older row.
 */
export class RecentPackets {
  private readonly words: Int32Array;
  private readonly times: Float64Array;
  /** First link of each chain, and of each row the next. */
  private readonly heads: Int32Array;
  private readonly links: Int32Array;
  private readonly mask: number;
  /** Row of the next packet. */
  private cursor = 0;
  private isFull = false;

  /** `rows` is a power of two. */
  constructor(rows: number) {
    this.words = new Int32Array(rows << ROW_SHIFT);
    this.times = new Float64Array(rows);
    this.heads = new Int32Array(rows);
    this.links = new Int32Array(rows);
    this.mask = rows - 1;
  }

  /** A row with this hash within `windowNs` of `atNs`, the latest in time; -1 when there is none. */
  find(low: number, high: number, atNs: number, windowNs: number): number {
    const { words, times, links, mask, cursor } = this;
    let found = -1;
    let foundAtNs = Number.NEGATIVE_INFINITY;
    let age = 0;
    let link = this.heads[low & mask] ?? 0;
    for (let walked = 0; walked < MAX_WALK; walked++) {
      const row = link & mask;
      const rowAge = ((cursor - row - 1) & mask) + 1;
      if (rowAge <= age || (!this.isFull && row >= cursor)) break;
      age = rowAge;
      const at = row << ROW_SHIFT;
      if (((link ^ low) & ~mask) === 0 && words[at + LOW] === low && words[at + HIGH] === high) {
        const rowAtNs = times[row] ?? foundAtNs;
        if (rowAtNs > foundAtNs && Math.abs(atNs - rowAtNs) <= windowNs) {
          found = row;
          foundAtNs = rowAtNs;
        }
      }
      link = links[row] ?? 0;
    }
    return found;
  }

  /** A row for this hash, in place of the oldest, with the first four of the owner's numbers; the other two are 0. */
  add(low: number, high: number, atNs: number, value0: number, value1: number, value2: number, value3: number): void {
    const { words, heads, mask } = this;
    const row = this.cursor;
    this.cursor = (row + 1) & mask;
    if (row === mask) this.isFull = true;
    this.times[row] = atNs;
    this.links[row] = heads[low & mask] ?? 0;
    heads[low & mask] = (low & ~mask) | row;
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
