import { rmSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../src/capture/input-error.ts";
import { openCapture } from "../../src/capture/merge.ts";
import { Step } from "../../src/capture/record.ts";
import { pcapFile, type WrittenPacket } from "../support/pcap-writer.ts";
import { PcapngWriter } from "../support/pcapng-writer.ts";
import { passAll } from "../support/read-capture.ts";
import { scratchDirectory } from "../support/scratch.ts";

const scratch = scratchDirectory();

function capture(name: string, seconds: readonly number[], start = 1_700_000_000): string {
  const packets: WrittenPacket[] = seconds.map((second) => ({
    seconds: start + second,
    fraction: 0,
    bytes: new Uint8Array(20),
  }));
  return scratch.write(name, pcapFile(packets));
}

/** [source, frame, seconds from the base] of each record, in the order of the merge. */
async function merged(
  names: string[],
  afterOpen = (): void => {},
): Promise<{
  order: number[][];
  facts: readonly { name: string; packets: number; problems: { all: { code: string }[] } }[];
}> {
  const { facts, records } = await openCapture(names, {
    base: { seconds: null },
    filterFor: () => passAll,
    blockBytes: 64,
  });
  afterOpen();
  const order: number[][] = [];
  for (;;) {
    const step = records.next();
    if (step === Step.packet) order.push([records.sourceIndex, records.record.frame, records.record.timeNs / 1e9]);
    else if (step === Step.done) break;
    else await records.fill();
  }
  records.close();
  return { order, facts };
}

test("records come in time order, with the frame numbers of their own file", async () => {
  const { order } = await merged([capture("a", [0, 4, 5]), capture("b", [1, 2, 6])]);
  expect(order).toEqual([
    [0, 1, 0],
    [1, 1, 1],
    [1, 2, 2],
    [0, 2, 4],
    [0, 3, 5],
    [1, 3, 6],
  ]);
});

test("at the same time the source that was named first comes first", async () => {
  const { order } = await merged([capture("a", [1, 1]), capture("b", [1, 1]), capture("c", [1])]);
  expect(order.map(([source, frame]) => [source, frame])).toEqual([
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
    [2, 1],
  ]);
});

test("a source whose time runs backwards keeps its own order", async () => {
  const { order } = await merged([capture("a", [5, 1, 6]), capture("b", [2, 7])]);
  expect(order.map(([source, frame]) => [source, frame])).toEqual([
    [1, 1],
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 2],
  ]);
});

test("files named out of order are read in order of time, from one base", async () => {
  const { order, facts } = await merged([capture("late", [100, 101]), capture("early", [0, 1])]);
  expect(order).toEqual([
    [1, 1, -100],
    [1, 2, -99],
    [0, 1, 0],
    [0, 2, 1],
  ]);
  expect(facts.map(({ packets }) => packets)).toEqual([2, 2]);
});

test("an empty capture and one without times take part", async () => {
  const writer = new PcapngWriter();
  const untimed = scratch.write(
    "untimed",
    Buffer.concat([writer.section(), writer.interface(), writer.simplePacket(new Uint8Array(20))]),
  );
  const { order } = await merged([capture("empty", []), capture("a", [3]), untimed]);
  expect(order.map(([source, frame]) => [source, frame])).toEqual([
    [1, 1],
    [2, 1],
  ]);
});

test("a file that is gone when its time comes is a problem, and the others are read", async () => {
  const gone = capture("gone", [5]);
  const { order, facts } = await merged([capture("a", [0, 9]), gone], () => rmSync(gone));
  expect(order.map(([source, frame]) => [source, frame])).toEqual([
    [0, 1],
    [0, 2],
  ]);
  expect(facts[1]?.problems.all.map(({ code }) => code)).toEqual(["read-failed"]);
});

test("one file that is no capture refuses the whole", async () => {
  const notes = scratch.write("notes", "no capture");
  await expect(merged([capture("a", [0]), notes])).rejects.toThrow(InputError);
});

test("any sources merge as a stable sort of forward-running ones would", async () => {
  const source = fc
    .array(fc.integer({ min: 0, max: 30 }), { maxLength: 8 })
    .map((all) => all.sort((one, other) => one - other));
  await fc.assert(
    fc.asyncProperty(fc.array(source, { minLength: 2, maxLength: 12 }), async (all) => {
      const names = all.map((seconds, index) => capture(`any-${index}`, seconds, 1_700_000_000));
      const expected = all
        .flatMap((seconds, index) => seconds.map((second, place) => ({ index, frame: place + 1, second })))
        .sort((one, other) => one.second - other.second || one.index - other.index);
      const { order } = await merged(names);
      expect(order.map(([index, frame]) => [index, frame])).toEqual(expected.map(({ index, frame }) => [index, frame]));
    }),
    { numRuns: 60 },
  );
});
