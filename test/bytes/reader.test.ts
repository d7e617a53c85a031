import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteReader } from "../../src/bytes/reader.ts";

const view = new DataView(Uint8Array.of(0xff, 1, 2, 3, 4, 0x80, 0, 0, 1, 0xff).buffer);

test("fields are read in network byte order, one after another", () => {
  const reader = new ByteReader(view, 1, 9);
  expect([reader.u8(), reader.u24(), reader.i32()]).toEqual([1, 0x020304, -0x7fffffff]);
  expect(new ByteReader(view, 1, 9).u16()).toBe(0x0102);
  expect(new ByteReader(view, 5, 9).u32()).toBe(0x80000001);
});

test("a read that does not fit is remembered, and so are its place and need", () => {
  const reader = new ByteReader(view, 1, 4);
  reader.u16();
  expect(reader.u16()).toBe(0);
  expect(reader.u8()).toBe(0); // one byte is left, but the group of fields failed
  expect(reader).toMatchObject({ cut: true, position: 3, neededBytes: 2, availableBytes: 1 });
});

test("a skip passes all of its bytes or none", () => {
  const reader = new ByteReader(view, 0, 4);
  expect(reader.skip(4)).toBe(true);
  expect(reader.skip(0)).toBe(true);
  expect(reader.skip(1)).toBe(false);
  expect(reader.position).toBe(4);
});

test("a negative or senseless count is never there", () => {
  expect(new ByteReader(view, 0, 10).skip(-1)).toBe(false);
  expect(new ByteReader(view, 0, 10).skip(Number.NaN)).toBe(false);
});

test("whatever the range and the reads, nothing is thrown and nothing outside the range is read", () => {
  const marked = new DataView(new Uint8Array(64).fill(0xee).buffer);
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.array(fc.constantFrom(1, 2, 3, 4)), (start, end, sizes) => {
      const reader = new ByteReader(marked, start, end);
      const first = reader.position;
      for (const size of sizes)
        size === 1 ? reader.u8() : size === 2 ? reader.u16() : size === 3 ? reader.u24() : reader.u32();
      expect(reader.position).toBeGreaterThanOrEqual(first);
      expect(reader.position).toBeLessThanOrEqual(Math.max(0, Math.min(end, 64)));
    }),
  );
});
