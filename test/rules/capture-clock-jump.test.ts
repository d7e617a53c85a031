import { expect, test } from "vitest";
import { captureClockJump } from "../../src/rules/capture-clock-jump.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { captureFacts, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("a jump back is told with the packet at which it shows", () => {
  const capture = captureFacts({ clockJumps: [{ source: 0, frame: 12, fromNs: 10e9, toNs: 2e9 }] });
  const facts = factsOf({ capture });
  expect(found(captureClockJump, facts).map(({ summary }) => summary)).toEqual([
    "1 jump; the first is 8 s back, at packet 12.",
  ]);
  expect([...captureClockJump.find(facts, DEFAULT_THRESHOLDS)][0]?.references).toEqual([{ source: 0, frame: 12 }]);
});

test("a steady clock is silent", () => {
  expect(found(captureClockJump, factsOf())).toEqual([]);
});
