import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DamagedData, DecompressionLimit } from "../../src/capture/decoder.ts";
import { ZstdDecoder } from "../../src/capture/zstd/frames.ts";
import { joined } from "../support/pcap-writer.ts";
import { hasTool } from "../support/tools.ts";

function decoded(packed: Uint8Array, pieceBytes = 1 << 14): Uint8Array {
  const output: Uint8Array[] = [];
  const decoder = new ZstdDecoder((piece) => output.push(piece));
  for (let start = 0; start < packed.length; start += pieceBytes)
    decoder.write(packed.subarray(start, start + pieceBytes));
  decoder.end();
  return joined(output);
}

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** A window of one kilobyte, no content size, no checksum. */
const SMALL_FRAME = [...MAGIC, 0x00, 0x00];
/** A block that repeats "a" sixteen times. */
const SIXTEEN = [0x82, 0x00, 0x00, 0x61];
/** An empty last block. */
const LAST = [0x01, 0x00, 0x00];

function block(type: number, content: readonly number[]): number[] {
  const header = (type << 1) | (content.length << 3);
  return [header & 0xff, (header >> 8) & 0xff, header >> 16, ...content];
}

function fault(bytes: readonly number[]): string {
  try {
    decoded(Uint8Array.from(bytes));
    return "none";
  } catch (error) {
    if (error instanceof DamagedData) return error.message;
    throw error;
  }
}

describe("literal frames", () => {
  test("a raw block is as it stands", () => {
    expect(decoded(Uint8Array.from([...SMALL_FRAME, ...block(0, [1, 2, 3]), ...LAST]))).toEqual(Uint8Array.of(1, 2, 3));
  });

  test("a repeated block is one byte many times", () => {
    expect(decoded(Uint8Array.from([...SMALL_FRAME, ...SIXTEEN, ...LAST]))).toEqual(new Uint8Array(16).fill(0x61));
  });

  test("a compressed block of raw literals without sequences is its literals", () => {
    const content = block(2, [3 << 3, 7, 8, 9, 0]);
    expect(decoded(Uint8Array.from([...SMALL_FRAME, ...content, ...LAST]))).toEqual(Uint8Array.of(7, 8, 9));
  });

  test("frames follow each other, skippable ones yield nothing, checksums are passed over", () => {
    const skippable = [0x5f, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 0xff, 0xff];
    const checked = [...MAGIC, 0x04, 0x00, ...block(0, [1]), ...LAST, 0xde, 0xad, 0xbe, 0xef];
    const sized = [...MAGIC, 0x20, 0x01, ...block(0, [2]), ...LAST];
    expect(decoded(Uint8Array.from([...skippable, ...checked, ...skippable, ...sized]))).toEqual(Uint8Array.of(1, 2));
  });
});

describe("faults", () => {
  /** One empty literal, then sequences whose three codes are single symbols. */
  const sequences = (count: number, literal: number, offset: number, match: number, ...stream: number[]): number[] =>
    block(2, [0x00, count, 0x54, literal, offset, match, ...stream]);

  test.each<[string, number[]]>([
    ["unexpected end of file", [...SMALL_FRAME, ...SIXTEEN]],
    ["unexpected end of file", [...SMALL_FRAME.slice(0, 5)]],
    ["a frame begins with an unknown number", [1, 2, 3, 4, 5]],
    ["a frame sets the reserved bit", [...MAGIC, 0x08, 0x00, ...LAST]],
    ["a frame needs a dictionary", [...MAGIC, 0x01, 0x00, 0x07, ...LAST]],
    ["a block has the reserved type", [...SMALL_FRAME, ...block(3, [1])]],
    ["a block states 2097151 bytes", [...SMALL_FRAME, 0xf8, 0xff, 0xff]],
    ["a block is empty", [...SMALL_FRAME, ...block(2, [])]],
    ["literals are cut", [...SMALL_FRAME, ...block(2, [9 << 3, 1])]],
    ["sequences are missing", [...SMALL_FRAME, ...block(2, [0])]],
    ["a match lies before the frame", [...SMALL_FRAME, ...sequences(1, 0, 0, 0, 0x01)]],
    ["a bitstream has no end mark", [...SMALL_FRAME, ...SIXTEEN, ...sequences(1, 0, 0, 0, 0x00)]],
    ["sequences go on behind their bitstream", [...SMALL_FRAME, ...SIXTEEN, ...sequences(1, 0, 0, 52, 0x01)]],
    ["sequences do not end with their bitstream", [...SMALL_FRAME, ...SIXTEEN, ...sequences(1, 0, 0, 0, 0xff)]],
    ["sequences use more literals than there are", [...SMALL_FRAME, ...SIXTEEN, ...sequences(1, 1, 0, 0, 0x01)]],
    ["a sequence code is unknown", [...SMALL_FRAME, ...SIXTEEN, ...sequences(1, 36, 0, 0, 0x01)]],
    ["a block yields too much", [...SMALL_FRAME, ...SIXTEEN, ...sequences(1, 0, 0, 52, 0xff, 0xff, 0x01)]],
    ["a table is to be used again that is not there", [...SMALL_FRAME, ...block(2, [0x00, 1, 0xfc, 0x01])]],
    ["literals need a Huffman tree that is not there", [...SMALL_FRAME, ...block(2, [0x03, 0, 0, 0])]],
  ])("%s", (message, bytes) => {
    expect(fault(bytes)).toBe(message);
  });

  test("more history than is given is a limit, not damage", () => {
    expect(() => decoded(Uint8Array.from([...MAGIC, 0x00, 0x88, ...LAST]))).toThrow(DecompressionLimit);
  });
});

describe.runIf(hasTool("zstd"))("against zstd", () => {
  const zstd = (input: Uint8Array, ...args: string[]): Uint8Array =>
    execFileSync("zstd", ["-q", "-c", ...args], { input });
  /** Noise, runs and repeats of what came before, in all proportions. */
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.tuple(fc.nat(255), fc.nat(3000)).map(([value, count]) => new Uint8Array(count).fill(value)),
    fc
      .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 60 }))
      .map(([bytes, count]) => joined(new Array<Uint8Array>(count).fill(bytes))),
    fc
      .array(fc.constantFrom(...Buffer.from("abcdeeeeeee ,.")), { maxLength: 2000 })
      .map((bytes) => Uint8Array.from(bytes)),
  );
  const inputs = fc.array(piece, { maxLength: 12 }).map(joined);
  const levels = fc.constantFrom(["-1"], ["-3"], ["-9"], ["-19"], ["--fast=4"], ["-4", "--zstd=wlog=10"]);

  test("what it packs is unpacked, however it is split", () => {
    fc.assert(
      fc.property(inputs, levels, fc.integer({ min: 1, max: 300 }), (input, level, pieceBytes) => {
        const packed = zstd(input, ...level);
        expect(decoded(packed).length).toBe(input.length);
        expect(Buffer.compare(decoded(packed, pieceBytes), input)).toBe(0);
      }),
      { numRuns: 80 },
    );
  });

  test("damage anywhere ends quickly, with damage said or other bytes", () => {
    const packed = zstd(Buffer.from("a capture of packets, packets and more packets ".repeat(300)), "-19");
    const change = fc.tuple(fc.nat(packed.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), fc.nat(packed.length), (changes, cut) => {
        const mutated = Uint8Array.from(packed.subarray(0, packed.length - (cut % 8)));
        for (const [place, value] of changes) if (place < mutated.length) mutated[place] = value;
        try {
          decoded(mutated);
        } catch (error) {
          expect(error instanceof DamagedData || error instanceof DecompressionLimit).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
