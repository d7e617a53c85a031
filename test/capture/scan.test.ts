/** Files that other threads scan: the report is the same bytes, whatever the number of threads. */
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openCapture } from "../../src/capture/merge.ts";
import { AddressSet } from "../../src/decode/address-set.ts";
import { analyzeFiles, analyzeScanned } from "../support/analyze.ts";
import { CAPTURES } from "../support/captures.ts";
import { pcapFile, type WrittenPacket } from "../support/pcap-writer.ts";
import { builtThread, threadHere } from "../support/scan-threads.ts";
import { scratchDirectory } from "../support/scratch.ts";

const scratch = scratchDirectory();
/** The first bytes of a record that says it is 60 bytes long, over and over, where packets have their payload. */
const LIKE_RECORDS = Uint8Array.from(
  { length: 1200 },
  (_, at) => [0, 0, 0, 96, 0, 0, 0, 0, 60, 0, 0, 0, 60, 0, 0, 0][at % 16] ?? 0,
);

/** An Ethernet frame of UDP to the platform's port 53, or to another address. */
function frame(number: number, isPlatform: boolean): Uint8Array {
  const bytes = new Uint8Array(42 + LIKE_RECORDS.length);
  bytes.set([
    0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0, 0x0d, 0x3a, 1, 2, 3, 8, 0, 0x45, 0, 4, 0xcc, 0, 0, 0x40, 0, 64, 17,
  ]);
  bytes.set([0, 0, 10, 0, 0, 4, ...(isPlatform ? [168, 63, 129, 16] : [192, 0, 2, 1])], 24);
  bytes.set([4 + (number >> 14), number & 0xff, 0, 53, 4, 0xb8, 0, 0], 34);
  bytes.set(LIKE_RECORDS, 42);
  return bytes;
}

function packets(count: number): WrittenPacket[] {
  return Array.from({ length: count }, (_, number) => ({
    seconds: 1_700_000_000 + Math.floor(number / 1000),
    fraction: (number % 1000) * 1000,
    bytes: frame(number, number % 37 === 5),
  }));
}

const LARGE = pcapFile(packets(10_000));

describe.each(CAPTURES)("%s", (path) => {
  test("gives the same report when another thread scans it, in batches of few records", async () => {
    const { json, text } = await analyzeFiles([path]);
    const scanned = await analyzeScanned([path], 1, threadHere({ batchRecords: 2, batchBytes: 100 }));
    expect(scanned.json).toBe(json);
    expect(scanned.text).toBe(text);
  });
});

const together = analyzeFiles(CAPTURES);

test.each([1, 2, 3])("all of them together give the same report with %i threads", async (threads) => {
  const { json } = await together;
  expect((await analyzeScanned(CAPTURES, threads, builtThread)).json).toBe(json);
});

test.each([1, 2, 3])(
  "a large file, whole and cut within a record, gives the same report with %i threads",
  async (threads) => {
    const paths = [
      scratch.write("large.pcap", LARGE),
      scratch.write("cut.pcap", LARGE.subarray(0, LARGE.length - 700)),
    ];
    for (const path of paths) {
      const { json } = await analyzeFiles([path]);
      expect((await analyzeScanned([path], threads, builtThread)).json).toBe(json);
    }
  },
);

test("more files than are begun at once, of one time, are all read", async () => {
  const paths = Array.from({ length: 30 }, (_, index) => scratch.write(`one-of-${index}.pcap`, pcapFile(packets(200))));
  const { json } = await analyzeFiles(paths);
  const scanned = await analyzeScanned(paths, 2, threadHere({ batchRecords: 1 }));
  expect(scanned.json).toBe(json);
});

test("a file that is gone when its time comes is a problem, and the others are read", async () => {
  const paths = ["stays.pcap", "goes.pcap"].map((name) => scratch.write(name, pcapFile(packets(10))));
  const alone = await analyzeFiles(paths.slice(0, 1));
  const start = threadHere();
  const scanned = await analyzeScanned(paths, 1, (setup, heard, failed) => {
    rmSync(paths[1] ?? "");
    return start(setup, heard, failed);
  });
  const { problems, packets: read } = scanned.report.capture;
  expect(read).toBe(10);
  expect(problems.filter(({ source }) => source === 1).map(({ code }) => code)).toEqual(["read-failed"]);
  expect(problems.filter(({ source }) => source === 0)).toEqual(alone.report.capture.problems);
});

test("what ends a thread ends the reading", async () => {
  const path = scratch.write("thread.pcap", LARGE);
  const reading = analyzeScanned([path], 1, (_setup, _heard, failed) => {
    setImmediate(failed, new Error("out of memory"));
    return { postMessage: () => {}, terminate: () => {} };
  });
  await expect(reading).rejects.toThrow("out of memory");
});

test("no thread is started for less than it pays for", async () => {
  const path = scratch.write("small.pcap", pcapFile(packets(10)));
  const { records } = await openCapture(
    [path],
    { base: { seconds: null }, filterFor: () => () => 0 },
    {
      threads: 2,
      addresses: new AddressSet(),
      fromBytes: 1 << 20,
      start: () => {
        throw new Error("a thread was started");
      },
    },
  );
  records.close();
});
