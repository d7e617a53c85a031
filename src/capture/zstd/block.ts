/** Compressed blocks of one zstd frame, RFC 8878 section 3.1.1.3: literals, then sequences that copy them and what came before. */
import { DamagedData } from "../decoder.ts";
import { BackwardBits } from "./bits.ts";
import type { FseTable } from "./fse.ts";
import { decodeHuffman, type HuffmanTable, readHuffmanTable } from "./huffman.ts";
import {
  type Code,
  LITERAL_LENGTH,
  LITERAL_LENGTH_BASES,
  LITERAL_LENGTH_BITS,
  MATCH_LENGTH,
  MATCH_LENGTH_BASES,
  MATCH_LENGTH_BITS,
  OFFSET,
  tableOf,
} from "./sequence-codes.ts";

/** Section 3.1.1.2.3: no block yields more. */
export const MAX_BLOCK_BYTES: number = 1 << 17;

const LiteralsType = { raw: 0, repeated: 1, compressed: 2, treeless: 3 } as const;

/** Decodes the blocks of one frame. The tables and offsets of one block may be used by the next. */
export class BlockDecoder {
  readonly #windowBytes: number;
  /** What came before, and the block that is being made; grows to twice the window and a block. */
  #history: Uint8Array = new Uint8Array(MAX_BLOCK_BYTES * 2);
  /** End of what was decoded in it. */
  #end = 0;
  #huffman: HuffmanTable | null = null;
  #literalLengths: FseTable | null = null;
  #offsets: FseTable | null = null;
  #matchLengths: FseTable | null = null;
  /** Section 3.1.1.5. */
  #repeatedOffset1 = 1;
  #repeatedOffset2 = 4;
  #repeatedOffset3 = 8;

  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes;
  }

  /** A block of `bytes` as they are. Returns a copy of what it yields, as do the others. */
  raw(bytes: Uint8Array): Uint8Array {
    const start = this.#makeRoom();
    this.#append(bytes);
    return this.#history.slice(start, this.#end);
  }

  /** A block of one byte, `count` times. */
  repeated(value: number, count: number): Uint8Array {
    const start = this.#makeRoom();
    this.#history.fill(value, start, start + count);
    this.#end = start + count;
    return this.#history.slice(start, this.#end);
  }

  /** A compressed block. */
  compressed(bytes: Uint8Array): Uint8Array {
    const { literals, next } = this.#literals(bytes);
    const start = this.#makeRoom();
    this.#sequences(bytes, next, literals, start);
    return this.#history.slice(start, this.#end);
  }

  /** Makes sure that a whole block fits behind the history, and returns where it begins. */
  #makeRoom(): number {
    if (this.#end + MAX_BLOCK_BYTES <= this.#history.length) return this.#end;
    if (this.#history.length < this.#windowBytes * 2 + MAX_BLOCK_BYTES) {
      const larger = new Uint8Array(Math.min(this.#history.length * 2, this.#windowBytes * 2 + MAX_BLOCK_BYTES));
      larger.set(this.#history.subarray(0, this.#end));
      this.#history = larger;
      return this.#makeRoom();
    }
    this.#history.copyWithin(0, this.#end - this.#windowBytes, this.#end);
    this.#end = this.#windowBytes;
    return this.#end;
  }

  #append(bytes: Uint8Array): void {
    this.#history.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Section 3.1.1.3.1: type in two bits, how the sizes are written in two, then the sizes. */
  #literals(bytes: Uint8Array): { literals: Uint8Array; next: number } {
    const first = bytes[0];
    if (first === undefined) throw new DamagedData("a block is empty");
    const type = first & 3;
    const format = (first >> 2) & 3;
    const word = little(bytes, 0, 5);
    if (type === LiteralsType.raw || type === LiteralsType.repeated) {
      const headerBytes = [1, 2, 1, 3][format] ?? 1;
      const size = headerBytes === 1 ? first >> 3 : Math.floor(word / 16) % 2 ** (headerBytes * 8 - 4);
      if (size > MAX_BLOCK_BYTES) throw new DamagedData("a block has too many literals");
      const next = headerBytes + (type === LiteralsType.raw ? size : 1);
      if (next > bytes.length) throw new DamagedData("literals are cut");
      if (type === LiteralsType.raw) return { literals: bytes.subarray(headerBytes, next), next };
      return { literals: new Uint8Array(size).fill(bytes[headerBytes] ?? 0), next };
    }
    const sizeBits = [10, 10, 14, 18][format] ?? 10;
    const headerBytes = (4 + 2 * sizeBits + 7) >> 3;
    const size = Math.floor(word / 16) % 2 ** sizeBits;
    const end = headerBytes + (Math.floor(word / 2 ** (4 + sizeBits)) % 2 ** sizeBits);
    if (size > MAX_BLOCK_BYTES || end > bytes.length) throw new DamagedData("literals are cut");
    let start = headerBytes;
    if (type === LiteralsType.compressed) {
      const { table, next } = readHuffmanTable(bytes, start, end);
      this.#huffman = table;
      start = next;
    }
    if (this.#huffman === null) throw new DamagedData("literals need a Huffman tree that is not there");
    const literals = new Uint8Array(size);
    if (format === 0) decodeHuffman(this.#huffman, bytes, start, end, literals);
    else decodeFourStreams(this.#huffman, bytes, start, end, literals);
    return { literals, next: end };
  }

  /** Section 3.1.1.3.2: number of sequences, modes, tables, bitstream. */
  #sequences(bytes: Uint8Array, start: number, literals: Uint8Array, blockStart: number): void {
    const { count, next } = sequenceCount(bytes, start);
    if (count === 0) {
      if (next !== bytes.length) throw new DamagedData("bytes follow a block without sequences");
      this.#append(literals);
      return;
    }
    const modes = bytes[next] ?? 0;
    if (next >= bytes.length || (modes & 3) !== 0) throw new DamagedData("sequences state unknown modes");
    let position = next + 1;
    const read = (code: Code, mode: number, previous: FseTable | null): FseTable => {
      const result = tableOf(code, mode, previous, bytes, position);
      position = result.next;
      return result.table;
    };
    const literalLengths = read(LITERAL_LENGTH, modes >> 6, this.#literalLengths);
    const offsets = read(OFFSET, (modes >> 4) & 3, this.#offsets);
    const matchLengths = read(MATCH_LENGTH, (modes >> 2) & 3, this.#matchLengths);
    this.#literalLengths = literalLengths;
    this.#offsets = offsets;
    this.#matchLengths = matchLengths;
    const bits = new BackwardBits(bytes, position, bytes.length);
    let literalState = bits.read(literalLengths.accuracyLog);
    let offsetState = bits.read(offsets.accuracyLog);
    let matchState = bits.read(matchLengths.accuracyLog);
    let used = 0;
    for (let left = count; left > 0; left -= 1) {
      const literalCode = literalLengths.symbols[literalState] ?? 0;
      const offsetCode = offsets.symbols[offsetState] ?? 0;
      const matchCode = matchLengths.symbols[matchState] ?? 0;
      const offsetValue = 2 ** offsetCode + bits.readLong(offsetCode);
      const matchBytes = (MATCH_LENGTH_BASES[matchCode] ?? 0) + bits.read(MATCH_LENGTH_BITS[matchCode] ?? 0);
      const literalBytes = (LITERAL_LENGTH_BASES[literalCode] ?? 0) + bits.read(LITERAL_LENGTH_BITS[literalCode] ?? 0);
      if (left > 1) {
        literalState = (literalLengths.bases[literalState] ?? 0) + bits.read(literalLengths.bits[literalState] ?? 0);
        matchState = (matchLengths.bases[matchState] ?? 0) + bits.read(matchLengths.bits[matchState] ?? 0);
        offsetState = (offsets.bases[offsetState] ?? 0) + bits.read(offsets.bits[offsetState] ?? 0);
      }
      if (bits.left < 0) throw new DamagedData("sequences go on behind their bitstream");
      if (used + literalBytes > literals.length) throw new DamagedData("sequences use more literals than there are");
      if (this.#end - blockStart + literalBytes + matchBytes > MAX_BLOCK_BYTES)
        throw new DamagedData("a block yields too much");
      this.#append(literals.subarray(used, used + literalBytes));
      used += literalBytes;
      this.#copyMatch(this.#offsetOf(offsetValue, literalBytes), matchBytes);
    }
    if (bits.left !== 0) throw new DamagedData("sequences do not end with their bitstream");
    if (this.#end - blockStart + literals.length - used > MAX_BLOCK_BYTES)
      throw new DamagedData("a block yields too much");
    this.#append(literals.subarray(used));
  }

  /** Section 3.1.1.5: values 1 to 3 mean an offset that was used before, shifted by one when there are no literals. */
  #offsetOf(value: number, literalBytes: number): number {
    const choice = value > 3 ? 4 : literalBytes === 0 ? value + 1 : value;
    if (choice === 1) return this.#repeatedOffset1;
    let offset = value - 3;
    if (value <= 3) {
      if (choice === 2) offset = this.#repeatedOffset2;
      else if (choice === 3) offset = this.#repeatedOffset3;
      else offset = this.#repeatedOffset1 - 1;
    }
    if (choice !== 2) this.#repeatedOffset3 = this.#repeatedOffset2;
    this.#repeatedOffset2 = this.#repeatedOffset1;
    this.#repeatedOffset1 = offset;
    return offset;
  }

  #copyMatch(offset: number, count: number): void {
    const history = this.#history;
    const end = this.#end;
    if (offset === 0 || offset > end || offset > this.#windowBytes + MAX_BLOCK_BYTES)
      throw new DamagedData("a match lies before the frame");
    if (offset >= count) history.copyWithin(end, end - offset, end - offset + count);
    else for (let place = end; place < end + count; place += 1) history[place] = history[place - offset] ?? 0;
    this.#end = end + count;
  }
}

/** Section 3.1.1.3.1.6: three sizes of two bytes, then four streams of a quarter of the literals each. */
function decodeFourStreams(table: HuffmanTable, bytes: Uint8Array, start: number, end: number, out: Uint8Array): void {
  const jumpTableBytes = 6;
  const streams = start + jumpTableBytes;
  if (streams > end) throw new DamagedData("literals are cut");
  const end1 = streams + little(bytes, start, 2);
  const end2 = end1 + little(bytes, start + 2, 2);
  const end3 = end2 + little(bytes, start + 4, 2);
  const quarter = (out.length + 3) >> 2;
  if (end3 > end || quarter * 3 > out.length) throw new DamagedData("literals are cut");
  decodeHuffman(table, bytes, streams, end1, out.subarray(0, quarter));
  decodeHuffman(table, bytes, end1, end2, out.subarray(quarter, quarter * 2));
  decodeHuffman(table, bytes, end2, end3, out.subarray(quarter * 2, quarter * 3));
  decodeHuffman(table, bytes, end3, end, out.subarray(quarter * 3));
}

function sequenceCount(bytes: Uint8Array, start: number): { count: number; next: number } {
  const first = bytes[start];
  if (first === undefined) throw new DamagedData("sequences are missing");
  if (first < 128) return { count: first, next: start + 1 };
  if (first < 255) return { count: ((first - 128) << 8) + little(bytes, start + 1, 1), next: start + 2 };
  return { count: little(bytes, start + 1, 2) + 0x7f00, next: start + 3 };
}

/** A little-endian number of up to six bytes; those behind the end count as 0. */
function little(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let place = count - 1; place >= 0; place -= 1) value = value * 256 + (bytes[start + place] ?? 0);
  return value;
}
