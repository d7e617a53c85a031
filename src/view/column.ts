/** One column of a table as typed arrays: numbers as they are, texts as numbers of a list of the different ones. */

/** A value of a cell that is not there. */
const NOTHING = Number.NaN;

/** Numbers of all rows; NaN where there is none. */
export class NumberColumn {
  readonly kind = "number";
  readonly values: Float64Array;

  constructor(rows: number) {
    this.values = new Float64Array(rows);
  }

  set(row: number, value: number | null): void {
    this.values[row] = value ?? NOTHING;
  }

  /** What rows are ordered by. */
  keys(): Float64Array {
    return this.values;
  }
}

/** Texts of all rows; -1 where there is none. */
export class TextColumn {
  readonly kind = "text";
  readonly codes: Int32Array;
  /** The different texts, in order of appearance. */
  readonly texts: string[] = [];
  readonly #codeOf = new Map<string, number>();
  #lowered: string[] | null = null;
  /** The text that was set last: neighbours often have the same, and comparing is cheaper than looking up. */
  #last: string | null = null;
  #lastCode = -1;

  constructor(rows: number) {
    this.codes = new Int32Array(rows);
  }

  set(row: number, value: string | null): void {
    if (value === null) {
      this.codes[row] = -1;
      return;
    }
    if (value !== this.#last) {
      this.#last = value;
      this.#lastCode = this.#codeFor(value);
    }
    this.codes[row] = this.#lastCode;
  }

  #codeFor(value: string): number {
    let code = this.#codeOf.get(value);
    if (code === undefined) {
      code = this.texts.length;
      this.texts.push(value);
      this.#codeOf.set(value, code);
    }
    return code;
  }

  /** The different texts in lower case, for comparing. */
  get lowered(): readonly string[] {
    if (this.#lowered?.length !== this.texts.length) this.#lowered = this.texts.map((text) => text.toLowerCase());
    return this.#lowered;
  }

  /** What rows are ordered by: the place of their text among all, numbers within it by value. */
  keys(): Float64Array {
    const { texts, codes } = this;
    const order = texts.map((_, code) => code).sort((a, b) => compareNaturally(texts[a] ?? "", texts[b] ?? ""));
    const ranks = new Float64Array(texts.length);
    for (const [rank, code] of order.entries()) ranks[code] = rank;
    const keys = new Float64Array(codes.length);
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row] ?? -1;
      keys[row] = code < 0 ? NOTHING : (ranks[code] ?? NOTHING);
    }
    return keys;
  }
}

export type Column = NumberColumn | TextColumn;

/** "eth2" before "eth10", whatever the case; the same text never equals another one. */
function compareNaturally(one: string, other: string): number {
  const [left, right] = [one.toLowerCase(), other.toLowerCase()];
  let at = 0;
  let against = 0;
  while (at < left.length && against < right.length) {
    const [number, end] = numberAt(left, at);
    const [otherNumber, otherEnd] = numberAt(right, against);
    if (end > at && otherEnd > against) {
      if (number !== otherNumber) return number - otherNumber;
      at = end;
      against = otherEnd;
      continue;
    }
    const difference = left.charCodeAt(at) - right.charCodeAt(against);
    if (difference !== 0) return difference;
    at++;
    against++;
  }
  const difference = left.length - at - (right.length - against);
  return difference !== 0 ? difference : one < other ? -1 : one > other ? 1 : 0;
}

/** The decimal number that begins at `start`, and where it ends. */
function numberAt(text: string, start: number): readonly [number, number] {
  let value = 0;
  let end = start;
  for (; end < text.length; end++) {
    const digit = text.charCodeAt(end) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return [value, end];
}
