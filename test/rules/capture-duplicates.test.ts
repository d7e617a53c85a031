import { expect, test } from "vitest";
import { captureDuplicates } from "../../src/rules/capture-duplicates.ts";
import { captureFacts, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("packets that were seen twice are told", () => {
  const capture = captureFacts({ duplicatePackets: 2, duplicateExamples: [1, 3] });
  expect(found(captureDuplicates, factsOf({ capture }))).toEqual([
    {
      summary: "2 packets seen again on another interface or layer; each was counted once.",
      severity: "notice",
      count: 2,
      packets: [1, 3],
      flows: [],
    },
  ]);
});

test("a capture without duplicates is silent", () => {
  expect(found(captureDuplicates, factsOf())).toEqual([]);
});
