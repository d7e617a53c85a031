/** Huffman-coded literals, RFC 8878 section 4.2. */
import { DamagedData } from "../decoder.ts";
import { BackwardBits } from "./bits.ts";
import { readFseTable } from "./fse.ts";

/** Section 4.2.1: no code is longer. */
const MAX_CODE_BITS = 11;
const MAX_WEIGHT_ACCURACY_LOG = 6;
const MAX_SYMBOLS = 256;

/** For each value of the next `codeBits` bits: the symbol, and how many of the bits are its code. */
export interface HuffmanTable {
  codeBits: number;
  symbols: Uint8Array;
  lengths: Uint8Array;
}

/** Section 4.2.1: reads a tree description from `bytes[start, end)`. `next` is where it ended. */
export function readHuffmanTable(bytes: Uint8Array, start: number, end: number): { table: HuffmanTable; next: number } {
  const header = bytes[start];
  if (header === undefined || start >= end) throw new DamagedData("a Huffman tree is missing");
  if (header < 128) {
    const next = start + 1 + header;
    if (next > end) throw new DamagedData("a Huffman tree is cut");
    return { table: huffmanTable(compressedWeights(bytes, start + 1, next)), next };
  }
  const count = header - 127;
  const next = start + 1 + ((count + 1) >> 1);
  if (next > end) throw new DamagedData("a Huffman tree is cut");
  const weights = Array.from({ length: count }, (_, index) => {
    const pair = bytes[start + 1 + (index >> 1)] ?? 0;
    return index % 2 === 0 ? pair >> 4 : pair & 15;
  });
  return { table: huffmanTable(weights), next };
}

/** Section 4.2.1.2: two states take turns until the bits are used up. */
function compressedWeights(bytes: Uint8Array, start: number, end: number): number[] {
  const { table, next } = readFseTable(bytes, start, end, MAX_WEIGHT_ACCURACY_LOG, MAX_SYMBOLS - 1);
  const bits = new BackwardBits(bytes, next, end);
  const states = [bits.read(table.accuracyLog), bits.read(table.accuracyLog)];
  const weights: number[] = [];
  for (let turn = 0; ; turn = 1 - turn) {
    const state = states[turn] ?? 0;
    weights.push(table.symbols[state] ?? 0);
    states[turn] = (table.bases[state] ?? 0) + bits.read(table.bits[state] ?? 0);
    if (bits.left < 0) {
      weights.push(table.symbols[states[1 - turn] ?? 0] ?? 0);
      return weights;
    }
    if (weights.length >= MAX_SYMBOLS) throw new DamagedData("a Huffman tree has too many symbols");
  }
}

/** Section 4.2.1.3: the last weight is not written, since the sum must be a power of two. Light weights have the lowest codes. */
function huffmanTable(written: readonly number[]): HuffmanTable {
  const sum = written.reduce((total, weight) => total + (weight === 0 ? 0 : 2 ** (weight - 1)), 0);
  if (sum === 0 || written.length >= MAX_SYMBOLS) throw new DamagedData("a Huffman tree has no weights");
  const codeBits = 32 - Math.clz32(sum);
  const missing = 2 ** codeBits - sum;
  if (codeBits > MAX_CODE_BITS || !Number.isInteger(Math.log2(missing)))
    throw new DamagedData("a Huffman tree is wrong");
  const weights = [...written, Math.log2(missing) + 1];
  const table = { codeBits, symbols: new Uint8Array(1 << codeBits), lengths: new Uint8Array(1 << codeBits) };
  let code = 0;
  for (let weight = 1; weight <= codeBits; weight += 1) {
    weights.forEach((own, symbol) => {
      if (own !== weight) return;
      const next = code + (1 << (weight - 1));
      table.symbols.fill(symbol, code, next);
      table.lengths.fill(codeBits + 1 - weight, code, next);
      code = next;
    });
  }
  return table;
}

/** Section 4.2.2: decodes the stream in `bytes[start, end)` to all of `out`. */
export function decodeHuffman(
  table: HuffmanTable,
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
): void {
  const bits = new BackwardBits(bytes, start, end);
  const { codeBits, symbols, lengths } = table;
  for (let index = 0; index < out.length; index += 1) {
    const code = bits.peek(codeBits);
    out[index] = symbols[code] ?? 0;
    bits.left -= lengths[code] ?? 0;
  }
  if (bits.left !== 0) throw new DamagedData("literals do not end with their bitstream");
}
