import { describe, expect, test } from "vitest";
import { BytePool } from "../../src/bytes/byte-pool.ts";

function bytesAt(pool: BytePool, place: number, length: number): number[] {
  const view = pool.viewOf(place);
  return Array.from({ length }, (_, index) => view.getUint8(pool.startIn(place) + index));
}

describe("a byte pool", () => {
  test("gives back what was put in, of every length", () => {
    const pool = new BytePool(1 << 20);
    const source = Uint8Array.from({ length: 40 }, (_, index) => index);
    const view = new DataView(source.buffer);
    for (let length = 0; length <= 9; length++) {
      const place = pool.add(view, 3, 3 + length);
      expect(bytesAt(pool, place, length)).toEqual([...source.subarray(3, 3 + length)]);
    }
  });

  test("never splits a range over two blocks", () => {
    const pool = new BytePool(4 << 20);
    const view = new DataView(new ArrayBuffer(4000));
    view.setUint8(3999, 7);
    const places = Array.from({ length: 600 }, () => pool.add(view, 0, 4000));
    expect(places.every((place) => pool.viewOf(place).getUint8(pool.startIn(place) + 3999) === 7)).toBe(true);
  });

  test("keeps no more than 4,096 bytes of a range", () => {
    const pool = new BytePool(1 << 20);
    const view = new DataView(new ArrayBuffer(10_000));
    pool.add(view, 0, 10_000);
    expect(pool.add(view, 0, 1)).toBe(4096);
  });

  test("refuses what does not fit, and counts it", () => {
    const pool = new BytePool(10);
    const view = new DataView(new ArrayBuffer(16));
    expect(pool.add(view, 0, 8)).toBe(0);
    expect(pool.add(view, 0, 8)).toBe(-1);
    expect(pool.refused).toBe(1);
  });
});

test("a byte pool fills the blocks again in which nothing is needed any more", () => {
  const pool = new BytePool(3 << 20);
  const view = new DataView(new ArrayBuffer(4096));
  view.setUint8(0, 7);
  const places = Array.from({ length: 768 }, () => pool.add(view, 0, 4096));
  expect(pool.add(view, 0, 4096)).toBe(-1);
  pool.keepOnly([places[300] ?? 0]);
  expect(pool.viewOf(places[0] ?? 0).byteLength).toBe(0);
  expect(bytesAt(pool, places[300] ?? 0, 1)).toEqual([7]);
  const again = Array.from({ length: 256 }, () => pool.add(view, 0, 4096));
  expect(again[0]).toBe(0);
  expect(pool.add(view, 0, 4096)).toBe(-1);
});
