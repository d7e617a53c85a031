/** The three codes of zstd sequences, RFC 8878 section 3.1.1.3.2. */
import { DamagedData } from "../decoder.ts";
import { type FseTable, fseTable, readFseTable, repeatedSymbolTable } from "./fse.ts";

const TableMode = { predefined: 0, repeatedSymbol: 1, compressed: 2, previous: 3 } as const;

/** One of the three codes of a sequence: section 3.1.1.3.2.1.1 says what its symbols stand for. */
export interface Code {
  maxAccuracyLog: number;
  maxSymbol: number;
  predefined: FseTable;
}

/** Section 3.1.1.3.2.2: each with the distribution that need not be written. */
export const LITERAL_LENGTH: Code = {
  maxAccuracyLog: 9,
  maxSymbol: 35,
  predefined: fseTable(
    [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
    6,
  ),
};
export const MATCH_LENGTH: Code = {
  maxAccuracyLog: 9,
  maxSymbol: 52,
  predefined: fseTable([1, 4, 3, 2, 2, 2, 2, 2, 2, ...new Array<number>(37).fill(1), -1, -1, -1, -1, -1, -1, -1], 6),
};
export const OFFSET: Code = {
  maxAccuracyLog: 8,
  maxSymbol: 31,
  predefined: fseTable([1, 1, 1, 1, 1, 1, 2, 2, 2, ...new Array<number>(15).fill(1), -1, -1, -1, -1, -1], 5),
};

/** Extra bits of each literal length and match length code; the value of one begins where that of the one before ends. */
export const LITERAL_LENGTH_BITS: Uint8Array = Uint8Array.from([
  ...new Array<number>(16).fill(0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
]);
export const MATCH_LENGTH_BITS: Uint8Array = Uint8Array.from([
  ...new Array<number>(32).fill(0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
]);
export const LITERAL_LENGTH_BASES: Uint32Array = bases(LITERAL_LENGTH_BITS, 0);
export const MATCH_LENGTH_BASES: Uint32Array = bases(MATCH_LENGTH_BITS, 3);

function bases(bits: Uint8Array, first: number): Uint32Array {
  const result = new Uint32Array(bits.length);
  let base = first;
  bits.forEach((count, code) => {
    result[code] = base;
    base += 2 ** count;
  });
  return result;
}

/** The table of one code for a block: its mode says where it comes from. `next` is where it ended in `bytes`. */
export function tableOf(
  code: Code,
  mode: number,
  previous: FseTable | null,
  bytes: Uint8Array,
  start: number,
): { table: FseTable; next: number } {
  switch (mode) {
    case TableMode.predefined:
      return { table: code.predefined, next: start };
    case TableMode.repeatedSymbol: {
      const symbol = bytes[start] ?? 0;
      if (symbol > code.maxSymbol) throw new DamagedData("a sequence code is unknown");
      return { table: repeatedSymbolTable(symbol), next: start + 1 };
    }
    case TableMode.compressed:
      return readFseTable(bytes, start, bytes.length, code.maxAccuracyLog, code.maxSymbol);
    default:
      if (previous === null) throw new DamagedData("a table is to be used again that is not there");
      return { table: previous, next: start };
  }
}
