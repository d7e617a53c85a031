import { expect, test } from "vitest";
import { captureOneWay } from "../../src/rules/capture-one-way.ts";
import { captureFacts, factsOf, flowFact, packetFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const oneWay = flowFact(0, { packets: { toPlatform: 4, fromPlatform: 0 } });
const packets = { 0: [packetFact(0)] };
const capture = (missing: number, both: number) =>
  captureFacts({ oneWayFlows: { toPlatform: missing, fromPlatform: 0 }, twoWayFlows: both });

test("nine of ten conversations with one direction are told", () => {
  expect(found(captureOneWay, factsOf({ capture: capture(9, 1), flows: [oneWay], packets }))).toEqual([
    {
      summary: "9 conversations of 10 show only what the VM sends.",
      severity: "notice",
      count: 9,
      packets: [0],
      flows: [0],
    },
  ]);
});

test("less than nine of ten are silent", () => {
  expect(found(captureOneWay, factsOf({ capture: capture(17, 2), flows: [oneWay], packets }))).toEqual([]);
});

test("two conversations are too few", () => {
  expect(found(captureOneWay, factsOf({ capture: capture(2, 0), flows: [oneWay], packets }))).toEqual([]);
});
