import { truncateSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openFile } from "../../src/capture/open.ts";
import { PacketRing } from "../../src/capture/packet-ring.ts";
import { type PacketPlace, PacketStore } from "../../src/capture/packet-store.ts";
import { CaptureRecord } from "../../src/capture/record.ts";
import { pcapFile } from "../support/pcap-writer.ts";
import { passAll, readAll } from "../support/read-capture.ts";
import { scratchDirectory } from "../support/scratch.ts";

const scratch = scratchDirectory();

function record(frame: number, ...bytes: number[]): CaptureRecord {
  const one = new CaptureRecord();
  one.view = new DataView(Uint8Array.of(0xee, ...bytes, 0xee).buffer);
  one.start = 1;
  one.end = 1 + bytes.length;
  one.frame = frame;
  return one;
}

const PIPE = { name: "-", path: null };
const place = (source: number, frame: number): PacketPlace => ({ source, frame, offset: 0, capturedBytes: 0 });

async function storedFile(name: string): Promise<{ path: string; places: PacketPlace[] }> {
  const packets = [1, 2, 3].map((value) => ({ seconds: value, fraction: 0, bytes: new Uint8Array(value).fill(value) }));
  const path = scratch.write(name, pcapFile(packets));
  const source = await openFile(path, 0, { base: { seconds: null }, filterFor: () => passAll });
  const places: PacketPlace[] = [];
  await readAll(source, ({ frame, offset, start, end }) => {
    places.push({ source: 0, frame, offset, capturedBytes: end - start });
  });
  source.close();
  return { path, places };
}

test("packets of a file are read from the file again", async () => {
  const { path, places } = await storedFile("plain.pcap");
  const store = new PacketStore([{ name: path, path }]);
  expect(places.map((one) => store.read(one).bytes)).toEqual([
    Uint8Array.of(1),
    Uint8Array.of(2, 2),
    Uint8Array.of(3, 3, 3),
  ]);
  store.close();
});

test("packets are found in whatever order they are asked for, near and far, of several files at once", () => {
  const places = [0, 1].map((source) => {
    const bytes = new Uint8Array(300_000).map((_, at) => (at * 31 + (at >> 8) + source) & 0xff);
    return { path: scratch.write(`far-${source}.bin`, bytes), bytes };
  });
  const store = new PacketStore(places.map(({ path }) => ({ name: path, path })));
  fc.assert(
    fc.property(fc.nat(1), fc.nat(299_999), fc.nat(70_000), (source, offset, capturedBytes) => {
      const { bytes } = store.read({ source, frame: 1, offset, capturedBytes });
      const wanted = places[source]?.bytes.subarray(offset, offset + capturedBytes);
      expect(bytes?.length ?? null).toBe(wanted?.length === capturedBytes ? capturedBytes : null);
      if (bytes !== null) expect(Buffer.compare(bytes, wanted ?? Buffer.of())).toBe(0);
    }),
  );
  store.close();
});

test("a file that became shorter or went away is said to have", async () => {
  const { path, places } = await storedFile("short.pcap");
  const [, , last] = places;
  if (last === undefined) throw new Error("three packets were written");
  const store = new PacketStore([{ name: path, path }]);
  truncateSync(path, 30);
  expect(store.read(last)).toEqual({ bytes: null, reason: "file changed" });
  store.close();
  const gone = new PacketStore([{ name: "gone", path: "no/such/file" }]);
  expect(gone.read(last)).toEqual({ bytes: null, reason: "file not readable" });
});

test("packets of a pipe are kept, copied, and found by source and frame", () => {
  const store = new PacketStore([PIPE, PIPE]);
  const first = record(1, 1, 2, 3);
  store.keep(0, first);
  store.keep(1, record(1, 9));
  new Uint8Array(first.view.buffer).fill(0);
  expect(store.read(place(0, 1)).bytes).toEqual(Uint8Array.of(1, 2, 3));
  expect(store.read(place(1, 1)).bytes).toEqual(Uint8Array.of(9));
  expect(store.read(place(0, 2))).toEqual({ bytes: null, reason: "no longer held" });
});

test("packets of pipes side by side are found in whatever order they are asked for", () => {
  const store = new PacketStore([PIPE, PIPE], new PacketRing(64_000, 640));
  for (let frame = 1; frame <= 200; frame += 1)
    for (const source of [0, 1]) store.keep(source, record(frame, frame, source));
  fc.assert(
    fc.property(fc.nat(1), fc.integer({ min: 1, max: 200 }), (source, frame) => {
      expect(store.read(place(source, frame)).bytes).toEqual(Uint8Array.of(frame, source));
    }),
  );
});

test("the oldest packets go when the bytes are used up", () => {
  const store = new PacketStore([PIPE], new PacketRing(10, 100));
  for (const frame of [1, 2, 3, 4]) store.keep(0, record(frame, frame, frame, frame));
  expect([1, 2, 3, 4].map((frame) => store.read(place(0, frame)).bytes?.[0] ?? null)).toEqual([null, 2, 3, 4]);
  store.keep(0, record(5, 5, 5, 5, 5, 5, 5, 5, 5, 5));
  expect([4, 5].map((frame) => store.read(place(0, frame)).bytes?.length ?? null)).toEqual([null, 9]);
});

test("the oldest packets go when there are too many", () => {
  const store = new PacketStore([PIPE], new PacketRing(1000, 3));
  for (const frame of [1, 2, 3, 4, 5]) store.keep(0, record(frame, frame));
  expect([1, 2, 3, 4, 5].map((frame) => store.read(place(0, frame)).bytes?.[0] ?? null)).toEqual([null, null, 3, 4, 5]);
});

test("a packet longer than the ring is not held and pushes nothing out", () => {
  const store = new PacketStore([PIPE], new PacketRing(4, 10));
  store.keep(0, record(1, 1));
  store.keep(0, record(2, 1, 2, 3, 4, 5));
  expect([1, 2].map((frame) => store.read(place(0, frame)).bytes?.length ?? null)).toEqual([1, null]);
});

test("whatever is put in, what is found is what was put in last", () => {
  const ring = new PacketRing(64, 8);
  const lengths = [1, 30, 30, 5, 64, 0, 63, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 33, 33, 31];
  lengths.forEach((length, index) => {
    ring.put(0, record(index, ...new Array<number>(length).fill(index)));
    for (let frame = 0; frame <= index; frame += 1) {
      const found = ring.get(0, frame);
      if (found !== null) expect([...found]).toEqual(new Array<number>(lengths[frame] ?? 0).fill(frame));
      if (frame === index) expect(found).not.toBeNull();
    }
  });
});

test("a ring forgets old packets by the piece, and takes memory as packets come", () => {
  const ring = new PacketRing(6400, 640);
  for (let frame = 0; frame < 35; frame += 1) {
    const one = record(frame, frame);
    one.timeNs = frame;
    ring.put(0, one);
  }
  ring.forgetBefore(20);
  expect([9, 10, 19, 20, 34].map((frame) => ring.get(0, frame)?.[0] ?? null)).toEqual([null, null, null, 20, 34]);
  ring.forgetBefore(100);
  expect([29, 30, 34].map((frame) => ring.get(0, frame)?.[0] ?? null)).toEqual([null, 30, 34]);
});
