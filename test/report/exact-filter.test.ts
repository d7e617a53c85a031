import { expect, test } from "vitest";
import { exactFilter } from "../../src/report/exact-filter.ts";

const frames = (...numbers: number[]) => numbers.map((frame) => ({ source: 0, frame }));

test("the filter is narrowed to the evidence, neighbours joined", () => {
  expect(exactFilter("dns", frames(3, 7, 8, 9, 12), 1)).toBe("dns && frame.number in {3, 7..9, 12}");
});

test("a filter of alternatives is bracketed", () => {
  expect(exactFilter("dns || icmp", frames(3), 1)).toBe("(dns || icmp) && frame.number in {3}");
});

test("frame numbers of several files mean different packets and are left out", () => {
  expect(exactFilter("dns", frames(3), 2)).toBe("dns");
});
