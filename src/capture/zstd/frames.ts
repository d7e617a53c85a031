/**
 * zstd, RFC 8878: frames and their blocks, decoded one block at a time, so that no piece of input yields more than 128 KiB. (Node 20 has
 * no zstd of its own.) Checksums are passed over.
 */
import { MAX_ZSTD_WINDOW_BYTES } from "../../limits.ts";
import { DamagedData, type Decoder, DecompressionLimit } from "../decoder.ts";
import { BlockDecoder, MAX_BLOCK_BYTES } from "./block.ts";

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAGIC_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const BlockType = { raw: 0, repeated: 1, compressed: 2 } as const;

/** A frame that is being decoded. */
interface Frame {
  blocks: BlockDecoder;
  hasChecksum: boolean;
}

/** Decodes zstd frames one after the other. */
export class ZstdDecoder implements Decoder {
  readonly #use: (output: Uint8Array) => void;
  /** Input that is not decoded yet; less than a block and its header between writes. */
  #pending: Uint8Array = new Uint8Array(0);
  #frame: Frame | null = null;
  #skipBytes = 0;

  constructor(use: (output: Uint8Array) => void) {
    this.#use = use;
  }

  write(input: Uint8Array): void {
    this.#pending = concatenated(this.#pending, input);
    while (this.#advance());
  }

  end(): void {
    if (this.#frame !== null || this.#pending.length > 0 || this.#skipBytes > 0) {
      throw new DamagedData("unexpected end of file");
    }
  }

  /** One frame header, skippable piece or block; false when more input is needed first. */
  #advance(): boolean {
    if (this.#skipBytes > 0) return this.#skip();
    return this.#frame === null ? this.#beginFrame() : this.#decodeBlock(this.#frame);
  }

  #skip(): boolean {
    const passed = Math.min(this.#skipBytes, this.#pending.length);
    this.#skipBytes -= passed;
    this.#pending = this.#pending.subarray(passed);
    return this.#skipBytes === 0;
  }

  #beginFrame(): boolean {
    const input = this.#pending;
    if (input.length < MAGIC_BYTES + 1) return false;
    const view = new DataView(input.buffer, input.byteOffset, input.length);
    const magic = view.getUint32(0, true);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      if (input.length < MAGIC_BYTES + 4) return false;
      this.#skipBytes = MAGIC_BYTES + 4 + view.getUint32(MAGIC_BYTES, true);
      return true;
    }
    if (magic !== FRAME_MAGIC) throw new DamagedData("a frame begins with an unknown number");
    const header = frameHeader(view);
    if (header === null) return false;
    if (header.windowBytes > MAX_ZSTD_WINDOW_BYTES) {
      throw new DecompressionLimit(
        `it asks for ${header.windowBytes} bytes of history, ${MAX_ZSTD_WINDOW_BYTES} are given`,
      );
    }
    this.#frame = { blocks: new BlockDecoder(header.windowBytes), hasChecksum: header.hasChecksum };
    this.#pending = input.subarray(header.bytes);
    return true;
  }

  /** Section 3.1.1.2: last-block bit, two bits of type, 21 of size, little-endian. */
  #decodeBlock({ blocks, hasChecksum }: Frame): boolean {
    const input = this.#pending;
    const [low, middle, high] = input;
    if (low === undefined || middle === undefined || high === undefined) return false;
    const last = (low & 1) !== 0;
    const type = (low >> 1) & 3;
    const size = (low >> 3) | (middle << 5) | (high << 13);
    if (size > MAX_BLOCK_BYTES) throw new DamagedData(`a block states ${size} bytes`);
    const end = BLOCK_HEADER_BYTES + (type === BlockType.repeated ? 1 : size);
    const next = end + (last && hasChecksum ? CHECKSUM_BYTES : 0);
    if (input.length < next) return false;
    const content = input.subarray(BLOCK_HEADER_BYTES, end);
    if (type === BlockType.raw) this.#use(blocks.raw(content));
    else if (type === BlockType.repeated) this.#use(blocks.repeated(content[0] ?? 0, size));
    else if (type === BlockType.compressed) this.#use(blocks.compressed(content));
    else throw new DamagedData("a block has the reserved type");
    this.#pending = input.subarray(next);
    if (last) this.#frame = null;
    return true;
  }
}

/** Section 3.1.1.1: descriptor, window descriptor, dictionary, content size. Null when it is not all there. */
function frameHeader(view: DataView): { bytes: number; windowBytes: number; hasChecksum: boolean } | null {
  const descriptor = view.getUint8(MAGIC_BYTES);
  const singleSegment = (descriptor & 0x20) !== 0;
  const hasChecksum = (descriptor & 0x04) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? Number(singleSegment) : 1 << sizeFlag;
  const windowStart = MAGIC_BYTES + 1;
  const sizeStart = windowStart + (singleSegment ? 0 : 1) + dictionaryBytes;
  const bytes = sizeStart + sizeBytes;
  if (view.byteLength < bytes) return null;
  if ((descriptor & 0x08) !== 0) throw new DamagedData("a frame sets the reserved bit");
  if (dictionaryBytes > 0) throw new DamagedData("a frame needs a dictionary");
  if (singleSegment) return { bytes, windowBytes: contentBytes(view, sizeStart, sizeFlag), hasChecksum };
  const window = view.getUint8(windowStart);
  return { bytes, windowBytes: 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8), hasChecksum };
}

function contentBytes(view: DataView, start: number, flag: number): number {
  if (flag === 0) return view.getUint8(start);
  if (flag === 1) return view.getUint16(start, true) + 256;
  if (flag === 2) return view.getUint32(start, true);
  return view.getUint32(start, true) + view.getUint32(start + 4, true) * 2 ** 32;
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
