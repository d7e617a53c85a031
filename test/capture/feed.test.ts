import { appendFileSync, openSync, utimesSync } from "node:fs";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { BlockBuffer } from "../../src/capture/block-buffer.ts";
import { FileFeed, StreamFeed } from "../../src/capture/feed.ts";
import { openFile, openStream } from "../../src/capture/open.ts";
import { ProblemList } from "../../src/capture/problems.ts";
import { Step } from "../../src/capture/record.ts";
import { SourceFacts } from "../../src/capture/source-facts.ts";
import { pcapFile, pcapHeader, pcapRecord } from "../support/pcap-writer.ts";
import { passAll, readAll } from "../support/read-capture.ts";
import { scratchDirectory } from "../support/scratch.ts";

const scratch = scratchDirectory();
const PACKET = { seconds: 1_700_000_000, fraction: 0, bytes: new Uint8Array(100) };
const options = () => ({ base: { seconds: null }, filterFor: () => passAll });

async function read(
  path: string,
  meanwhile = (): void => {},
): Promise<{ frames: number[]; codes: string[]; stopped: boolean }> {
  const source = await openFile(path, 0, options());
  const timer = setTimeout(meanwhile, 50);
  const frames: number[] = [];
  await readAll(source, ({ frame }) => frames.push(frame));
  clearTimeout(timer);
  source.close();
  const { problems } = source.facts;
  return { frames, codes: problems.all.map(({ code }) => code), stopped: problems.stopped };
}

test("a capture that grows while it is read is read on", async () => {
  const record = pcapRecord(PACKET);
  const path = scratch.write("growing.pcap", pcapFile([PACKET]));
  appendFileSync(path, record.subarray(0, 40));
  const result = await read(path, () => appendFileSync(path, record.subarray(40)));
  expect(result).toEqual({ frames: [1, 2], codes: [], stopped: false });
});

test("a capture that grew and still ends within a record is being written, which is no fault", async () => {
  const record = pcapRecord(PACKET);
  const path = scratch.write("still.pcap", pcapFile([PACKET]));
  appendFileSync(path, record.subarray(0, 40));
  const result = await read(path, () => appendFileSync(path, record.subarray(40, 50)));
  expect(result).toEqual({ frames: [1], codes: ["still-being-written"], stopped: false });
});

test("a capture that was cut long ago is cut, without waiting", async () => {
  const file = pcapFile([PACKET, PACKET]);
  const path = scratch.write("old.pcap", file.subarray(0, file.length - 10));
  utimesSync(path, 1_600_000_000, 1_600_000_000);
  const started = performance.now();
  expect(await read(path)).toEqual({ frames: [1], codes: ["cut-record"], stopped: true });
  expect(performance.now() - started).toBeLessThan(150);
});

test("a capture that was cut just now is cut as well", async () => {
  const file = pcapFile([PACKET, PACKET]);
  const path = scratch.write("fresh.pcap", file.subarray(0, file.length - 10));
  expect(await read(path)).toEqual({ frames: [1], codes: ["cut-record"], stopped: true });
});

test("a packet of a live stream is handed over before the next one comes", async () => {
  const stream = new PassThrough();
  stream.write(pcapHeader());
  const source = await openStream(stream, 0, options(), new SourceFacts("live"));
  expect(source.next()).toBe(Step.needBytes);
  stream.write(pcapRecord(PACKET));
  await source.fill();
  expect(source.next()).toBe(Step.packet);
  expect(source.next()).toBe(Step.needBytes);
  stream.end();
  expect(await source.fill()).toBe(false);
  expect(source.next()).toBe(Step.done);
});

test("a stream that fails gives what came before and says why", async () => {
  const problems = new ProblemList();
  const stream = new PassThrough();
  const feed = new StreamFeed(stream, problems);
  const buffer = new BlockBuffer(64);
  stream.write(Uint8Array.of(1, 2, 3));
  expect(await feed.fill(buffer)).toBe(true);
  stream.destroy(new Error("the cable was pulled"));
  expect(await feed.fill(buffer)).toBe(false);
  expect([buffer.available, buffer.ended]).toEqual([3, true]);
  expect(problems.all.map(({ code, message }) => [code, message])).toEqual([
    ["read-failed", "Reading failed (the cable was pulled); all before it was read."],
  ]);
});

test("a file that the system does not let us read on ends with a problem", async () => {
  const problems = new ProblemList();
  const feed = new FileFeed(openSync(scratch.path, "r"), problems);
  const buffer = new BlockBuffer(64);
  expect(await feed.fill(buffer)).toBe(false);
  feed.close();
  expect([buffer.ended, buffer.failed]).toEqual([true, true]);
  expect(problems.all.map(({ code }) => code)).toEqual(["read-failed"]);
});
