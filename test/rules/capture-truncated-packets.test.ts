import { expect, test } from "vitest";
import { captureTruncatedPackets } from "../../src/rules/capture-truncated-packets.ts";
import { captureFacts, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const capture = (truncatedPackets: number) => captureFacts({ packets: 1000, truncatedPackets, truncatedExamples: [3] });

test("one percent of short packets is told", () => {
  expect(found(captureTruncatedPackets, factsOf({ capture: capture(10) }))).toEqual([
    {
      summary: "10 of 1,000 packets were cut short; what stood behind the cut is unknown.",
      severity: "notice",
      count: 10,
      packets: [3],
      flows: [],
    },
  ]);
});

test("less is silent", () => {
  expect(found(captureTruncatedPackets, factsOf({ capture: capture(9) }))).toEqual([]);
});
