/** Whole captures, plain and compressed, that were changed, cut and spliced: each gives a report by the schema, or is refused in words. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/capture/input-error.ts";
import { analyzeBytes } from "../support/analyze.ts";
import { damaged } from "../support/damaged.ts";
import { reportFaults } from "../support/schema.ts";
import { hasTool } from "../support/tools.ts";

/** So short that a change nearly always meets a header. */
const SAMPLE_BYTES = 3000;

const plain = [
  "classic.pcap",
  "dns-over-tcp.pcap",
  "dhcp-acquire.pcap",
  "healthy-boot.pcapng",
  "incident-mixed.pcapng",
].map((name) => Uint8Array.from(readFileSync(`captures/${name}`).subarray(0, SAMPLE_BYTES)));
const packed = plain.map((bytes) => Uint8Array.from(gzipSync(bytes)));
const zstd = hasTool("zstd")
  ? plain.map((input) => Uint8Array.from(execFileSync("zstd", ["-q", "-c"], { input })))
  : [];

/** Null when the capture was refused. */
async function read(bytes: Uint8Array, pieceBytes: number): Promise<Awaited<ReturnType<typeof analyzeBytes>> | null> {
  try {
    return await analyzeBytes(bytes, pieceBytes);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

describe.each([
  ["plain", plain],
  ["gzip", packed],
  ["zstd", zstd],
])("%s", (_, samples) => {
  test.skipIf(samples.length === 0)("ends with a report or a refusal, however it comes", async () => {
    await fc.assert(
      fc.asyncProperty(damaged(samples), fc.integer({ min: 1, max: 400 }), async (bytes, pieceBytes) => {
        const analysed = await read(bytes, pieceBytes);
        if (analysed === null) return;
        expect(reportFaults(analysed.report)).toEqual([]);
        expect(analysed.text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
      { numRuns: 60 },
    );
  });
});

test("a capture gives the same report in pieces of any size, packed too", async () => {
  await fc.assert(
    fc.asyncProperty(
      damaged([...plain, ...packed, ...zstd]),
      fc.integer({ min: 1, max: 400 }),
      async (bytes, pieceBytes) => {
        expect((await read(bytes, pieceBytes))?.json).toBe((await read(bytes, Math.max(1, bytes.length)))?.json);
      },
    ),
    { numRuns: 60 },
  );
});
