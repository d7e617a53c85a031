import { expect, test } from "vitest";
import { captureDroppedPackets } from "../../src/rules/capture-dropped-packets.ts";
import { captureFacts, factsOf, flowFact, packetFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("data that was acknowledged and never captured is told where it shows", () => {
  const capture = captureFacts({ lostSegmentPackets: [{ flow: 2, packet: 9 }] });
  expect(found(captureDroppedPackets, factsOf({ capture }))).toEqual([
    {
      summary: "1 packet acknowledges data that was never captured.",
      severity: "warning",
      count: 1,
      packets: [9],
      flows: [2],
    },
  ]);
});

test("drops that the file states are told, with the first packet for evidence", () => {
  const facts = factsOf({
    capture: captureFacts({ droppedPackets: 7 }),
    flows: [flowFact(0)],
    packets: { 0: [packetFact(0)] },
  });
  expect(found(captureDroppedPackets, facts)).toEqual([
    {
      summary: "The capture itself counted 7 dropped packets.",
      severity: "warning",
      count: 7,
      packets: [0],
      flows: [],
    },
  ]);
});

test("a capture that says nothing of drops is silent", () => {
  expect(found(captureDroppedPackets, factsOf({ flows: [flowFact(0)] }))).toEqual([]);
});
