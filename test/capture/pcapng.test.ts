import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/capture/input-error.ts";
import { joined } from "../support/pcap-writer.ts";
import { PcapngWriter } from "../support/pcapng-writer.ts";
import { readChunks } from "../support/read-capture.ts";

const little = new PcapngWriter();
const big = new PcapngWriter(true);
/** 2023-11-14T22:13:20Z in microseconds. */
const TICKS = 1_700_000_000_000_000n;
const DATA = Uint8Array.of(1, 2, 3);

const codes = (problems: readonly { code: string; offsetBytes: number | null; count: number }[]): unknown[] =>
  problems.map(({ code, offsetBytes, count }) => [code, offsetBytes, count]);

test.each([
  ["little", little],
  ["big", big],
])("an enhanced packet of a %s-endian section comes with frame, time, lengths and place", async (_name, writer) => {
  const file = joined([
    writer.section(),
    writer.interface({ name: "eth0", snapLength: 64 }),
    writer.packet({ ticks: TICKS + 123_456n, bytes: DATA, wireBytes: 1500 }),
  ]);
  const { base, facts, records } = await readChunks([file]);
  expect(base.seconds).toBe(1_700_000_000);
  expect(records).toEqual([
    {
      frame: 1,
      timeNs: 123_456_000,
      timed: true,
      interfaceIndex: 0,
      linkType: 1,
      wireBytes: 1500,
      offset: file.length - 4 - 4,
      bytes: [1, 2, 3],
    },
  ]);
  expect(facts.interfaces).toEqual([
    {
      index: 0,
      name: "eth0",
      linkType: 1,
      snapLength: 64,
      packets: 1,
      droppedPackets: null,
      primaryNic: null,
      mac: null,
      addresses: [],
    },
  ]);
  expect([facts.format, facts.timestampResolution, facts.packets, facts.truncatedPackets]).toEqual([
    "pcapng",
    "10^-6",
    1,
    1,
  ]);
  expect(facts.problems.all).toEqual([]);
});

test("each section brings its byte order and numbers its interfaces anew", async () => {
  const section = (writer: PcapngWriter, name: string, linkType: number): Uint8Array =>
    joined([
      writer.section(12_345n),
      writer.interface({ name, linkType }),
      writer.packet({ ticks: TICKS, bytes: DATA }),
    ]);
  const { facts, records } = await readChunks([joined([section(big, "a", 1), section(little, "b", 101)])]);
  expect(records.map(({ frame, interfaceIndex, linkType }) => [frame, interfaceIndex, linkType])).toEqual([
    [1, 0, 1],
    [2, 1, 101],
  ]);
  expect(facts.interfaces.map(({ index, name }) => [index, name])).toEqual([
    [0, "a"],
    [1, "b"],
  ]);
});

test("several interfaces have their own link type, name and resolution, and the finest is the source's", async () => {
  const { facts, records } = await readChunks([
    joined([
      little.section(),
      little.interface({ name: "eth0" }),
      little.interface({ name: "any", linkType: 276, resolution: 9 }),
      little.packet({ interfaceId: 1, ticks: 1_700_000_000_000_000_001n, bytes: DATA }),
      little.packet({ interfaceId: 0, ticks: TICKS, bytes: DATA }),
    ]),
  ]);
  expect(records.map(({ timeNs, linkType }) => [timeNs, linkType])).toEqual([
    [1, 276],
    [0, 1],
  ]);
  expect([facts.timestampResolution, facts.fractionDigits]).toEqual(["10^-9", 9]);
});

describe("resolutions and offsets", () => {
  test.each([
    [0, 3n, 3, 0],
    [3, 1_700_000_000_123n, 1_700_000_000, 123_000_000],
    [6, TICKS + 1n, 1_700_000_000, 1000],
    [7, 17_000_000_000_000_001n, 1_700_000_000, 100],
    [9, 1_700_000_000_123_456_789n, 1_700_000_000, 123_456_789],
    [12, 1_700_000_123_456_789_999n, 1_700_000, 123_456_789],
    [18, 1_999_999_999_999_999_999n, 1, 999_999_999],
    [0x80, 5n, 5, 0],
    [0x80 | 10, (1_700_000_000n << 10n) + 512n, 1_700_000_000, 500_000_000],
    [0x80 | 20, (1_700_000_000n << 20n) + 1n, 1_700_000_000, 953],
    [0x80 | 30, (1_700_000_000n << 30n) + (1n << 30n) - 1n, 1_700_000_000, 999_999_999],
    [0x80 | 32, (1_700_000_000n << 32n) + (1n << 31n), 1_700_000_000, 500_000_000],
  ])("if_tsresol %i: %i ticks", async (resolution, ticks, seconds, timeNs) => {
    const file = joined([little.section(), little.interface({ resolution }), little.packet({ ticks, bytes: DATA })]);
    const { base, records } = await readChunks([file]);
    expect([base.seconds, records[0]?.timeNs]).toEqual([seconds, timeNs]);
  });

  test("if_tsoffset moves the time by seconds", async () => {
    const file = joined([
      little.section(),
      little.interface({ offsetSeconds: -100n }),
      little.packet({ ticks: TICKS, bytes: DATA }),
    ]);
    expect((await readChunks([file])).base.seconds).toBe(1_699_999_900);
  });

  test("every resolution agrees with exact arithmetic", async () => {
    const resolution = fc.integer({ min: 0, max: 60 }).chain((n) => fc.constantFrom(n, n | 0x80));
    await fc.assert(
      fc.asyncProperty(resolution, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), async (octet, ticks) => {
        const perSecond = (octet & 0x80 ? 2n : 10n) ** BigInt(octet & 0x7f);
        const file = joined([
          little.section(),
          little.interface({ resolution: octet }),
          little.packet({ ticks, bytes: DATA }),
        ]);
        fc.pre(ticks / perSecond <= BigInt(Number.MAX_SAFE_INTEGER));
        const { base, records } = await readChunks([file]);
        expect(base.seconds).toBe(Number(ticks / perSecond));
        expect(records[0]?.timeNs).toBe(Number(((ticks % perSecond) * 1_000_000_000n) / perSecond));
      }),
    );
  });
});

test("a simple packet has no time and is cut at interface 0's snap length", async () => {
  const { base, facts, records } = await readChunks([
    joined([little.section(), little.interface({ snapLength: 3 }), little.simplePacket(Uint8Array.of(1, 2, 3, 0), 90)]),
  ]);
  expect(records.map(({ timed, timeNs, wireBytes, bytes }) => [timed, timeNs, wireBytes, bytes])).toEqual([
    [false, 0, 90, [1, 2, 3]],
  ]);
  expect([base.seconds, facts.firstNs]).toEqual([null, null]);
});

test("an obsolete packet block is read like an enhanced one", async () => {
  const packet = { interfaceId: 1, ticks: TICKS, bytes: DATA, wireBytes: 60 };
  const before = [little.section(), little.interface(), little.interface({ linkType: 101 })];
  const old = await readChunks([joined([...before, little.obsoletePacket(packet)])]);
  const now = await readChunks([joined([...before, little.packet(packet)])]);
  expect(old.records).toEqual(now.records);
});

test("drops of the interface and of the system are added up from the latest statistics", async () => {
  const { facts } = await readChunks([
    joined([
      little.section(),
      little.interface(),
      little.interface(),
      little.statistics(0, [{ code: 5, value: little.u64(1n) }]),
      little.statistics(0, [
        { code: 4, value: little.u64(100n) },
        { code: 5, value: little.u64(7n) },
        { code: 7, value: little.u64(2n) },
      ]),
    ]),
  ]);
  expect(facts.interfaces.map((one) => one.droppedPackets)).toEqual([9, null]);
});

test("MAC and addresses of an interface are kept, and its description names it when no name does", async () => {
  const { facts } = await readChunks([
    joined([
      big.section(),
      big.interface({
        options: [
          { code: 1, value: new TextEncoder().encode("a comment") },
          { code: 3, value: new TextEncoder().encode("Ethernet 2") },
          { code: 4, value: Uint8Array.of(10, 0, 0, 4, 255, 255, 255, 0) },
          { code: 6, value: Uint8Array.of(0, 0x0d, 0x3a, 1, 2, 3) },
        ],
      }),
    ]),
  ]);
  expect(facts.interfaces[0]).toMatchObject({ name: "Ethernet 2", mac: 0x000d3a010203, addresses: ["10.0.0.4"] });
});

test("unknown, custom, secrets, names and journal blocks, comments and flags are passed over", async () => {
  const text = new TextEncoder().encode("twelve bytes");
  const { facts, records } = await readChunks([
    joined([
      little.section(100n, 1, [{ code: 4, value: text }]),
      little.block(0x0000000a, text),
      little.interface({ options: [{ code: 2988, value: text }] }),
      little.block(4, new Uint8Array(4)),
      little.block(9, text),
      little.packet({
        ticks: TICKS,
        bytes: DATA,
        options: [
          { code: 1, value: text },
          { code: 2, value: new Uint8Array(4) },
          { code: 0xffff, value: Uint8Array.of(9) },
        ],
      }),
      little.block(0x00000bad, new Uint8Array(8)),
      little.block(0x40000bad, new Uint8Array(8)),
      little.block(0x7fff0001, new Uint8Array(0)),
      little.packet({ ticks: TICKS, bytes: DATA }),
    ]),
  ]);
  expect(records.map((record) => record.bytes)).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(facts.problems.all).toEqual([]);
  // Wireshark numbers journal and custom blocks as frames, but they are no packets.
  expect(records.map((record) => record.frame)).toEqual([2, 5]);
  expect(facts.packets).toBe(2);
});

describe("faults", () => {
  const head = [little.section(), little.interface(), little.packet({ ticks: TICKS, bytes: DATA })];
  const headBytes = joined(head).length;
  const after = little.packet({ ticks: TICKS, bytes: DATA });

  test.each([
    ["its two lengths differ", little.block(6, new Uint8Array(24), undefined, 40)],
    ["its length is below twelve", little.block(0x99, new Uint8Array(0), 8)],
    ["a packet block is shorter than its fields", little.block(6, new Uint8Array(8))],
    ["a packet block claims four gigabytes", little.block(6, new Uint8Array(24), 0xfffffff0)],
  ])("a block stops the source when %s", async (_name, block) => {
    const { facts, records } = await readChunks([joined([...head, block, after])]);
    expect(records.length).toBe(1);
    expect(codes(facts.problems.all)).toEqual([["bad-block-length", headBytes, 1]]);
    expect(facts.problems.stopped).toBe(true);
  });

  test("a block cut by the end of the file is a problem with its place", async () => {
    const file = joined([...head, after]);
    const { facts, records } = await readChunks([file.subarray(0, file.length - 1)]);
    expect(records.length).toBe(1);
    expect(codes(facts.problems.all)).toEqual([["cut-record", headBytes, 1]]);
  });

  test("a cut section header is a cut header", async () => {
    const { facts } = await readChunks([little.section().subarray(0, 11)]);
    expect(codes(facts.problems.all)).toEqual([["cut-header", 0, 1]]);
  });

  test("a packet of an interface that is not described is counted and the next one read", async () => {
    const { facts, records } = await readChunks([
      joined([...head, little.packet({ interfaceId: 7, ticks: TICKS, bytes: DATA }), after]),
    ]);
    expect(records.map((record) => record.frame)).toEqual([1, 3]);
    expect(facts.packets).toBe(3);
    expect(codes(facts.problems.all)).toEqual([["unknown-interface", headBytes + 28, 1]]);
  });

  test("a packet that claims more than its block is counted and the next one read", async () => {
    const body = new Uint8Array(24);
    new DataView(body.buffer).setUint32(12, 5, true);
    const { facts, records } = await readChunks([joined([...head, little.block(6, body), after])]);
    expect(records.map((record) => record.frame)).toEqual([1, 3]);
    expect(codes(facts.problems.all)).toEqual([
      ["captured-beyond-wire", headBytes + 28, 1],
      ["packet-beyond-block", headBytes + 28, 1],
    ]);
  });

  test("an option that ends behind its block is a problem, and the interface is used", async () => {
    const body = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 200, 0);
    const { facts, records } = await readChunks([joined([little.section(), little.block(1, body), after])]);
    expect(records.length).toBe(1);
    expect(codes(facts.problems.all)).toEqual([["bad-option", 28, 1]]);
  });

  test("a length without its padding is rounded up", async () => {
    const body = joined([after.subarray(8, after.length - 4)]);
    const { facts, records } = await readChunks([joined([...head, little.block(6, body, after.length - 1), after])]);
    expect(records.map((record) => record.bytes)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(facts.problems.all).toEqual([]);
  });

  test("a section of another major version stops the source", async () => {
    const { facts, records } = await readChunks([joined([...head, little.section(-1n, 2), after])]);
    expect(records.length).toBe(1);
    expect(codes(facts.problems.all)).toEqual([["bad-section", headBytes, 1]]);
  });

  test("more interfaces than are told apart are a problem, not memory", async () => {
    const many = new Array<Uint8Array>(4100).fill(little.interface());
    const { facts, records } = await readChunks([
      joined([little.section(), ...many, little.packet({ interfaceId: 4099, ticks: TICKS, bytes: DATA })]),
    ]);
    expect([facts.interfaces.length, facts.packets, records.length]).toEqual([4096, 1, 0]);
    expect(facts.problems.all.map(({ code, count }) => [code, count])).toEqual([["too-many-interfaces", 1]]);
  });

  test("a long block that is no packet is passed over without being held", async () => {
    const long = little.block(0x0a, new Uint8Array((16 << 20) + 4));
    const { facts, records } = await readChunks([joined([...head, long, after])]);
    expect(records.length).toBe(2);
    expect(facts.problems.all).toEqual([]);
  });
});

const blocks = fc.array(
  fc.oneof(
    fc
      .record({ bytes: fc.uint8Array({ maxLength: 30 }), ticks: fc.bigInt({ min: 0n, max: 1n << 63n }) })
      .map((one) => ({
        little: little.packet(one),
        big: big.packet(one),
      })),
    fc.uint8Array({ maxLength: 30 }).map((bytes) => ({
      little: little.simplePacket(bytes),
      big: big.simplePacket(bytes),
    })),
    fc
      .uint8Array({ maxLength: 30 })
      .map((bytes) => ({ little: little.block(0x99, bytes), big: big.block(0x99, bytes) })),
    fc.integer({ min: 0, max: 12 }).map((resolution) => ({
      little: little.interface({ resolution }),
      big: big.interface({ resolution }),
    })),
  ),
  { maxLength: 10 },
);

test("both byte orders give the same records", async () => {
  await fc.assert(
    fc.asyncProperty(blocks, async (all) => {
      const one = await readChunks([joined([little.section(), little.interface(), ...all.map((b) => b.little)])]);
      const other = await readChunks([joined([big.section(), big.interface(), ...all.map((b) => b.big)])]);
      expect(one.records).toEqual(other.records);
    }),
  );
});

test("however the bytes are split, the records and facts are the same", async () => {
  const splits = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(blocks, splits, fc.integer({ min: 16, max: 200 }), async (all, sizes, block) => {
      const file = joined([little.section(), little.interface(), ...all.map((b) => b.little)]);
      const chunks: Uint8Array[] = [];
      for (let start = 0, turn = 0; start < file.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        chunks.push(file.slice(start, start + size));
        start += size;
      }
      const whole = await readChunks([file]);
      const split = await readChunks(chunks, block);
      expect(split.records).toEqual(whole.records);
      expect(split.facts).toEqual(whole.facts);
    }),
  );
});

test("no mutation makes it throw, hang or read outside", async () => {
  const file = joined([
    little.section(),
    little.interface({ name: "eth0", resolution: 9 }),
    little.packet({ ticks: TICKS, bytes: DATA, options: [{ code: 1, value: DATA }] }),
    little.statistics(0, [{ code: 5, value: little.u64(1n) }]),
    little.simplePacket(DATA),
    little.obsoletePacket({ ticks: TICKS, bytes: DATA }),
  ]);
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
