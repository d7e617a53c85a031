/** Every microsecond pcap, against the `pcap-parser` package: the same packets, times, lengths and bytes. */
import type { EventEmitter } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { pcapFile, type WrittenPacket } from "../support/pcap-writer.ts";
import { readChunks } from "../support/read-capture.ts";

interface ParsedPacket {
  header: { timestampSeconds: number; timestampMicroseconds: number; capturedLength: number; originalLength: number };
  data: Buffer;
}

const pcapParser: { parse: (stream: Readable) => EventEmitter } = createRequire(import.meta.url)("pcap-parser");
const CAPTURES = join(import.meta.dirname, "../../captures");

function byParser(file: Uint8Array): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const parser = pcapParser.parse(Readable.from([Buffer.from(file)]));
    parser.on("packet", ({ header, data }: ParsedPacket) => {
      const time = header.timestampSeconds * 1e6 + header.timestampMicroseconds;
      lines.push([time, header.capturedLength, header.originalLength, data.toString("hex")].join(" "));
    });
    parser.on("end", () => resolve(lines));
    parser.on("error", reject);
  });
}

async function byReader(file: Uint8Array): Promise<string[]> {
  const { base, records } = await readChunks([file]);
  return records.map(({ timeNs, bytes, wireBytes }) => {
    const time = (base.seconds ?? 0) * 1e6 + timeNs / 1000;
    return [time, bytes.length, wireBytes, Buffer.from(bytes).toString("hex")].join(" ");
  });
}

const PACKETS: WrittenPacket[] = [
  { seconds: 1_700_000_000, fraction: 999_999, bytes: Uint8Array.of(1, 2, 3) },
  { seconds: 1_700_000_000, fraction: 5, bytes: new Uint8Array(0), wireBytes: 9 },
  { seconds: 1_700_086_400, fraction: 0, bytes: new Uint8Array(1500).fill(9) },
];

test.each([
  ["little-endian", false],
  ["big-endian", true],
])("a %s file", async (_name, bigEndian) => {
  const file = pcapFile(PACKETS, { bigEndian });
  expect(await byReader(file)).toEqual(await byParser(file));
});

const shipped = existsSync(CAPTURES) ? readdirSync(CAPTURES) : [];
test.each(shipped.filter((name) => name.endsWith(".pcap")))("captures/%s", async (name) => {
  const file = readFileSync(join(CAPTURES, name));
  const whole = await byParser(file).catch(() => null);
  // It knows neither nanoseconds nor other variants.
  if (whole !== null) expect(await byReader(file)).toEqual(whole);
});
