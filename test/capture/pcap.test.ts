import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../src/capture/input-error.ts";
import { joined, pcapFile, pcapHeader, pcapRecord, type WrittenPacket } from "../support/pcap-writer.ts";
import { readChunks } from "../support/read-capture.ts";

const PACKETS: WrittenPacket[] = [
  { seconds: 1_700_000_000, fraction: 123_456, bytes: Uint8Array.of(1, 2, 3) },
  { seconds: 1_700_000_001, fraction: 7, bytes: Uint8Array.of(4, 5), wireBytes: 1500 },
];

const times = async (file: Uint8Array): Promise<number[]> => (await readChunks([file])).records.map((r) => r.timeNs);

test("records of a little-endian microsecond file come with frame, time, lengths and place", async () => {
  const { base, facts, records } = await readChunks([pcapFile(PACKETS)]);
  expect(base.seconds).toBe(1_700_000_000);
  expect(records).toEqual([
    {
      frame: 1,
      timeNs: 123_456_000,
      timed: true,
      interfaceIndex: 0,
      linkType: 1,
      wireBytes: 3,
      offset: 40,
      bytes: [1, 2, 3],
    },
    {
      frame: 2,
      timeNs: 1_000_007_000,
      timed: true,
      interfaceIndex: 0,
      linkType: 1,
      wireBytes: 1500,
      offset: 59,
      bytes: [4, 5],
    },
  ]);
  expect(facts.packets).toBe(2);
  expect(facts.truncatedPackets).toBe(1);
  expect(facts.timestampResolution).toBe("us");
  expect([facts.firstNs, facts.earliestNs, facts.latestNs]).toEqual([123_456_000, 123_456_000, 1_000_007_000]);
  expect(facts.interfaces).toEqual([
    {
      index: 0,
      name: null,
      linkType: 1,
      snapLength: 262_144,
      packets: 2,
      droppedPackets: null,
      primaryNic: null,
      mac: null,
      addresses: [],
    },
  ]);
  expect(facts.problems.all).toEqual([]);
});

test("a big-endian file is read the same", async () => {
  expect((await readChunks([pcapFile(PACKETS, { bigEndian: true })])).records).toEqual(
    (await readChunks([pcapFile(PACKETS)])).records,
  );
});

test("the nanosecond magic makes the fraction nanoseconds", async () => {
  const file = pcapFile([{ seconds: 9, fraction: 123_456_789, bytes: new Uint8Array(1) }], { magic: 0xa1b23c4d });
  const { facts, records } = await readChunks([file]);
  expect(records[0]?.timeNs).toBe(123_456_789);
  expect([facts.timestampResolution, facts.fractionDigits]).toEqual(["ns", 9]);
});

test("the modified header has eight bytes more, which are no packet bytes", async () => {
  const file = pcapFile(PACKETS, { magic: 0xa1b2cd34, extraHeaderBytes: 8 });
  const { records } = await readChunks([file]);
  expect(records.map((record) => record.bytes)).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
});

test("before version 2.3 the wire length stands first", async () => {
  const { records } = await readChunks([pcapFile(PACKETS, { minor: 2, wireLengthFirst: true })]);
  expect(records.map((record) => record.wireBytes)).toEqual([3, 1500]);
});

test("in version 2.3 the smaller length is the captured one, whichever stands first", async () => {
  const swapped = await readChunks([pcapFile(PACKETS, { minor: 3, wireLengthFirst: true })]);
  const straight = await readChunks([pcapFile(PACKETS, { minor: 3 })]);
  expect(swapped.records).toEqual(straight.records);
  expect(straight.records.map((record) => record.wireBytes)).toEqual([3, 1500]);
});

test("the frame check sequence bits are no part of the link type", async () => {
  const { records } = await readChunks([pcapFile(PACKETS, { linkType: 0x24000001 })]);
  expect(records[0]?.linkType).toBe(1);
});

test("a snap length of 0 or above 2^31 is none", async () => {
  const zero = await readChunks([pcapFile(PACKETS, { snapLength: 0 })]);
  const huge = await readChunks([pcapFile(PACKETS, { snapLength: 0xffffffff })]);
  expect([zero.facts.interfaces[0]?.snapLength, huge.facts.interfaces[0]?.snapLength]).toEqual([null, null]);
});

test("a header without records is a clean empty capture", async () => {
  const { facts, records } = await readChunks([pcapHeader()]);
  expect(records).toEqual([]);
  expect(facts.problems.all).toEqual([]);
  expect(facts.firstNs).toBeNull();
});

test("a cut header is a problem that stops", async () => {
  const { facts } = await readChunks([pcapHeader().subarray(0, 20)]);
  expect(facts.problems.all.map(({ code, offsetBytes }) => [code, offsetBytes])).toEqual([["cut-header", 0]]);
  expect(facts.problems.stopped).toBe(true);
});

test("a file cut within a record gives all before and one problem with its place", async () => {
  const file = pcapFile(PACKETS);
  const { facts, records } = await readChunks([file.subarray(0, file.length - 1)]);
  expect(records.map((record) => record.frame)).toEqual([1]);
  expect(facts.problems.all).toEqual([
    {
      code: "cut-record",
      message: "The capture ends within a record (17 of 18 bytes): the file was cut; all before it was read.",
      offsetBytes: 43,
      count: 1,
    },
  ]);
});

test("a record that claims four gigabytes ends the source", async () => {
  const claim = new Uint8Array(16).fill(0xff);
  const { facts, records } = await readChunks([joined([pcapFile(PACKETS), claim])]);
  expect(records.length).toBe(2);
  expect(facts.problems.all.map(({ code, offsetBytes }) => [code, offsetBytes])).toEqual([["bad-record-length", 61]]);
});

test("more captured than on the wire is counted, and the captured bytes are used", async () => {
  const file = pcapFile([{ seconds: 0, fraction: 0, bytes: Uint8Array.of(1, 2, 3), wireBytes: 2 }]);
  const { facts, records } = await readChunks([file]);
  expect(records[0]?.wireBytes).toBe(3);
  expect(facts.problems.all.map(({ code, count }) => [code, count])).toEqual([["captured-beyond-wire", 1]]);
});

test("packets of a link type without a filter are counted", async () => {
  const { facts, records } = await readChunks([pcapFile(PACKETS, { linkType: 105 })], 1024, null);
  expect(records).toEqual([]);
  expect(facts.packets).toBe(2);
  expect(facts.problems.all).toEqual([
    {
      code: "unsupported-link-type",
      message: "Packets of link type IEEE802_11 are counted but cannot be analysed.",
      offsetBytes: 40,
      count: 2,
    },
  ]);
});

test("only what the filter passes is handed over, and everything is counted", async () => {
  const { facts, records } = await readChunks([pcapFile(PACKETS)], 1024, (view, start) =>
    view.getUint8(start) === 4 ? 1 : 0,
  );
  expect(records.map((record) => record.frame)).toEqual([2]);
  expect(facts.packets).toBe(2);
});

test("a clock that runs backwards or jumps ahead is noted with its frame", async () => {
  const at = (seconds: number): WrittenPacket => ({ seconds, fraction: 0, bytes: new Uint8Array(1) });
  const { facts } = await readChunks([pcapFile([at(1000), at(999), at(1000), at(998), at(4598), at(8199)])]);
  expect(facts.clockJumpCount).toBe(2);
  expect(facts.clockJumps).toEqual([
    { frame: 4, fromNs: 0, toNs: -2e9 },
    { frame: 6, fromNs: 3598e9, toNs: 7199e9 },
  ]);
  expect([facts.firstNs, facts.earliestNs]).toEqual([0, -2e9]);
});

test("a record longer than the block makes the block grow", async () => {
  const long = { seconds: 1, fraction: 0, bytes: new Uint8Array(5000).fill(7) };
  const { records } = await readChunks([pcapFile([...PACKETS, long, ...PACKETS])], 64);
  expect(records.map((record) => record.bytes.length)).toEqual([3, 2, 5000, 3, 2]);
});

test("a version that is not 2 is refused", async () => {
  await expect(readChunks([pcapFile(PACKETS, { major: 3 })])).rejects.toThrow(InputError);
});

test("times are exact to the nanosecond 100 days around the first record", async () => {
  const days = 100 * 86_400;
  const at = (seconds: number, fraction: number): WrittenPacket => ({ seconds, fraction, bytes: new Uint8Array(1) });
  const file = pcapFile([at(1e9, 0), at(1e9 + days, 999_999_999), at(1e9 - days, 1)], { magic: 0xa1b23c4d });
  expect(await times(file)).toEqual([0, 8_640_000_999_999_999, -8_639_999_999_999_999]);
});

const packet = fc.record({
  seconds: fc.integer({ min: 0, max: 0xffffffff }),
  fraction: fc.integer({ min: 0, max: 999_999 }),
  bytes: fc.uint8Array({ maxLength: 40 }),
});

test("however the bytes are split, the records are the same", async () => {
  const splits = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(packet, { maxLength: 8 }),
      splits,
      fc.integer({ min: 16, max: 200 }),
      async (packets, sizes, block) => {
        const file = pcapFile(packets);
        const chunks: Uint8Array[] = [];
        for (let start = 0, turn = 0; start < file.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(file.slice(start, start + size));
          start += size;
        }
        expect((await readChunks(chunks, block)).records).toEqual((await readChunks([file])).records);
      },
    ),
  );
});

test("no mutation makes it throw, hang or read outside", async () => {
  const file = joined([pcapHeader(), ...PACKETS.map((p) => pcapRecord(p))]);
  const change = fc.tuple(fc.integer({ min: 4, max: file.length - 1 }), fc.integer({ min: 0, max: 255 }));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const mutated = file.slice();
      for (const [place, value] of changes) mutated[place] = value;
      const result = await readChunks([mutated], 32).catch((error: unknown) => error);
      if (result instanceof InputError) return;
      expect(result).toHaveProperty("records");
    }),
  );
});
