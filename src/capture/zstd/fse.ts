/** Finite state entropy tables, RFC 8878 section 4.1. */
import { DamagedData } from "../decoder.ts";

/** For each state: the symbol it stands for, and the next state as a base and a number of bits to read and add. */
export interface FseTable {
  /** Bits of the first state. */
  accuracyLog: number;
  symbols: Uint8Array;
  bits: Uint8Array;
  bases: Uint16Array;
}

/** A table that yields one symbol and reads nothing. */
export function repeatedSymbolTable(symbol: number): FseTable {
  return { accuracyLog: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) };
}

/** Section 4.1.1: makes the table of a distribution. A probability of -1 is "less than one". */
export function fseTable(probabilities: readonly number[], accuracyLog: number): FseTable {
  const size = 1 << accuracyLog;
  const table: FseTable = {
    accuracyLog,
    symbols: new Uint8Array(size),
    bits: new Uint8Array(size),
    bases: new Uint16Array(size),
  };
  spreadSymbols(probabilities, table.symbols);
  const next = probabilities.map((probability) => Math.abs(probability));
  for (let state = 0; state < size; state += 1) {
    const symbol = table.symbols[state] ?? 0;
    const count = next[symbol] ?? 0;
    next[symbol] = count + 1;
    const bits = accuracyLog - (31 - Math.clz32(count));
    table.bits[state] = bits;
    table.bases[state] = (count << bits) - size;
  }
  return table;
}

function spreadSymbols(probabilities: readonly number[], symbols: Uint8Array): void {
  const size = symbols.length;
  let last = size - 1;
  probabilities.forEach((probability, symbol) => {
    if (probability === -1) symbols[last--] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let state = 0;
  probabilities.forEach((probability, symbol) => {
    for (let count = 0; count < probability; count += 1) {
      symbols[state] = symbol;
      do state = (state + step) & (size - 1);
      while (state > last);
    }
  });
  if (state !== 0) throw new DamagedData("a distribution does not fill its table");
}

/** Section 4.1.1: reads a distribution from `bytes[start, end)` and makes its table. `next` is where it ended. */
export function readFseTable(
  bytes: Uint8Array,
  start: number,
  end: number,
  maxAccuracyLog: number,
  maxSymbol: number,
): { table: FseTable; next: number } {
  let position = start * 8;
  const peek = (count: number): number => {
    const first = position >> 3;
    const word = (byteAt(first) | (byteAt(first + 1) << 8) | (byteAt(first + 2) << 16)) >>> (position & 7);
    return word & ((1 << count) - 1);
  };
  const byteAt = (place: number): number => (place < end ? (bytes[place] ?? 0) : 0);
  const accuracyLog = peek(4) + 5;
  position += 4;
  if (accuracyLog > maxAccuracyLog) throw new DamagedData("a distribution is too fine");
  const probabilities: number[] = [];
  let remaining = (1 << accuracyLog) + 1;
  let threshold = 1 << accuracyLog;
  let bits = accuracyLog + 1;
  while (remaining > 1 && probabilities.length <= maxSymbol) {
    // The values that cannot occur any more leave room to write the small ones with a bit less.
    const shortValues = 2 * threshold - 1 - remaining;
    const short = peek(bits - 1);
    let value = peek(bits);
    if (short < shortValues) {
      value = short;
      position += bits - 1;
    } else {
      if (value >= threshold) value -= shortValues;
      position += bits;
    }
    const probability = value - 1;
    remaining -= Math.abs(probability);
    probabilities.push(probability);
    if (probability === 0) {
      let repeats = 3;
      while (repeats === 3 && probabilities.length <= maxSymbol) {
        repeats = peek(2);
        position += 2;
        for (let count = 0; count < repeats; count += 1) probabilities.push(0);
      }
    }
    while (remaining < threshold && threshold > 1) {
      bits -= 1;
      threshold >>= 1;
    }
  }
  const next = (position + 7) >> 3;
  if (remaining !== 1 || probabilities.length > maxSymbol + 1 || next > end)
    throw new DamagedData("a distribution is wrong");
  return { table: fseTable(probabilities, accuracyLog), next };
}
