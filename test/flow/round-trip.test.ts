import { describe, expect, test } from "vitest";
import { RoundTrips } from "../../src/flow/round-trip.ts";
import { TcpTable } from "../../src/flow/tcp-table.ts";

function roundTripOf(samples: readonly number[]): unknown {
  const tcp = new TcpTable(1);
  const roundTrips = new RoundTrips(tcp);
  const row = tcp.add();
  for (const sample of samples) roundTrips.add(row, sample);
  return roundTrips.of(row);
}

test("no sample, no round trip", () => {
  expect(roundTripOf([])).toBeNull();
});

test.each([
  [[5], { minNs: 5, medianNs: 5, maxNs: 5 }],
  [[9, 3], { minNs: 3, medianNs: 6, maxNs: 9 }],
  [[9, 3, 4], { minNs: 3, medianNs: 4, maxNs: 9 }],
  [[10, 1, 8, 2, 7, 3, 6], { minNs: 1, medianNs: 6, maxNs: 10 }],
])("%j gives %j", (samples, expected) => {
  expect(roundTripOf(samples)).toEqual(expected);
});

test("a sample that a clock made negative counts as 0", () => {
  expect(roundTripOf([-4, 2, 6])).toEqual({ minNs: 0, medianNs: 2, maxNs: 6 });
});

describe("the median", () => {
  test("is exact up to 64 samples", () => {
    expect(roundTripOf(Array.from({ length: 64 }, (_, place) => (place * 37) % 64))).toEqual({
      minNs: 0,
      medianNs: 31.5,
      maxNs: 63,
    });
  });

  test("is that of every second sample from then on, every fourth, and so on", () => {
    const rising = Array.from({ length: 1_000 }, (_, place) => place);
    expect(roundTripOf(rising)).toEqual({ minNs: 0, medianNs: 496, maxNs: 999 });
  });
});

test("further rows are given back", () => {
  const tcp = new TcpTable(1);
  const roundTrips = new RoundTrips(tcp);
  const row = tcp.add();
  for (let sample = 1; sample <= 30; sample++) roundTrips.add(row, sample);
  roundTrips.release(row);
  tcp.release(row);
  tcp.add();
  for (let sample = 1; sample <= 30; sample++) roundTrips.add(row, 100);
  expect(roundTrips.of(row)).toEqual({ minNs: 100, medianNs: 100, maxNs: 100 });
});
