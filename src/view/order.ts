/** Orders rows by numbers without comparing them two by two: a radix sort over the bits of doubles, which a million rows bear. */

const DIGIT_BITS = 16;
const DIGITS: number = 1 << DIGIT_BITS;
const WORDS_OF_DOUBLE = 4;

/**
 * Row numbers by ascending or descending key; rows with equal keys stay in their order, and rows without a key (NaN) come last.
 * `rows` is the order to start from.
 */
export function orderBy(keys: Float64Array, descending: boolean, rows: Uint32Array): Uint32Array {
  const present = new Uint32Array(rows.length);
  const ordered = new Uint32Array(rows.length);
  let count = 0;
  let missing = 0;
  for (const row of rows) {
    if (Number.isNaN(keys[row])) ordered[rows.length - 1 - missing++] = row;
    else present[count++] = row;
  }
  ordered.subarray(count).reverse();
  const digits = digitsOf(keys, descending);
  let from = present.subarray(0, count);
  let to = new Uint32Array(count);
  for (let word = 0; word < WORDS_OF_DOUBLE; word++) {
    if (!sortByDigit(digits, word, from, to)) continue;
    [from, to] = [to, from];
  }
  ordered.set(from);
  return ordered;
}

/** The keys' bits, least significant word first, changed so that as unsigned numbers they are in the order that is wanted. */
function digitsOf(keys: Float64Array, descending: boolean): Uint16Array {
  const digits = new Uint16Array(keys.length * WORDS_OF_DOUBLE);
  const view = new DataView(digits.buffer);
  for (let row = 0; row < keys.length; row++) {
    const at = row * 8;
    view.setFloat64(at, (keys[row] ?? 0) + 0, true); // -0 becomes 0
    const high = view.getInt32(at + 4, true);
    const low = view.getInt32(at, true);
    // A negative double grows as its bits, taken as an integer, shrink.
    const ascendingHigh = high < 0 ? ~high : high ^ 0x80000000;
    const ascendingLow = high < 0 ? ~low : low;
    view.setInt32(at + 4, descending ? ~ascendingHigh : ascendingHigh, true);
    view.setInt32(at, descending ? ~ascendingLow : ascendingLow, true);
  }
  return digits;
}

/** One stable pass; false when all rows have the same digit and nothing was moved. */
function sortByDigit(digits: Uint16Array, word: number, from: Uint32Array, to: Uint32Array): boolean {
  const starts = new Uint32Array(DIGITS);
  for (const row of from) {
    const digit = digits[row * WORDS_OF_DOUBLE + word] ?? 0;
    starts[digit] = (starts[digit] ?? 0) + 1;
  }
  let start = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = starts[digit] ?? 0;
    if (count === from.length) return false;
    starts[digit] = start;
    start += count;
  }
  for (const row of from) {
    const digit = digits[row * WORDS_OF_DOUBLE + word] ?? 0;
    const place = starts[digit] ?? 0;
    to[place] = row;
    starts[digit] = place + 1;
  }
  return true;
}
