import { describe, expect, test } from "vitest";
import { Attempts } from "../../src/service/attempts.ts";

/** Attempts one second apart: "+" succeeded, "-" failed. */
function attempts(text: string, distanceNs = 1e9): Attempts {
  const made = new Attempts();
  for (const [index, mark] of [...text].entries()) made.add(index * distanceNs, mark === "+", index);
  return made;
}

describe("attempts at the end", () => {
  test("fail when the last three do", () => {
    expect(attempts("+++---", 6e9).failsAtEnd).toBe(true);
    expect(attempts("++++--", 6e9).failsAtEnd).toBe(false);
  });

  test("fail only when all within the last five seconds do, however many", () => {
    expect(attempts("+++----").failsAtEnd).toBe(false);
    expect(attempts("+++------").failsAtEnd).toBe(true);
  });

  test("fail when there were no others", () => {
    expect(attempts("-").failsAtEnd).toBe(true);
    expect(attempts("").failsAtEnd).toBe(false);
  });

  test("are counted from the last success on", () => {
    expect(attempts("+-+--").failedLast).toEqual({ count: 2, sinceNs: 3e9 });
    expect(attempts("-+").failedLast).toBeNull();
  });
});

test("attempts may be added in any order", () => {
  const made = new Attempts();
  made.add(9e9, false);
  made.add(1e9, true);
  made.add(5e9, false);
  expect(made.failedLast).toEqual({ count: 2, sinceNs: 5e9 });
  expect(made.soundSinceNs).toBeNull();
  made.add(12e9, true);
  made.add(11e9, true);
  expect(made.soundSinceNs).toBe(11e9);
});

test("response times are those of attempts that have one", () => {
  const made = attempts("+".repeat(100));
  made.add(0, false);
  expect(made.responseMs).toEqual({ median: 49, p95: 94, max: 99 });
  expect(new Attempts().responseMs).toBeNull();
});
