import { expect, test } from "vitest";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import { packetLoss } from "../../src/rules/packet-loss.ts";
import { factsOf, flowFact, packetFact, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const packets = {
  0: [packetFact(0, { payloadBytes: 100 }), packetFact(1, { payloadBytes: 100, marks: PacketMark.retransmission })],
};
const flowWith = (marked: number, segments: number) =>
  flowFact(0, {
    tcp: tcpFact({
      retransmissions: { toPlatform: marked, fromPlatform: 0 },
      dataSegments: { toPlatform: segments, fromPlatform: 0 },
    }),
  });

test("ten segments and three percent of a service are told", () => {
  expect(found(packetLoss, factsOf({ flows: [flowWith(10, 300)], packets }))).toEqual([
    {
      summary: "wireserver: 10 of 300 data segments were sent again (3 %), on 1 connection.",
      severity: "warning",
      count: 10,
      packets: [1],
      flows: [0],
    },
  ]);
});

test("nine segments are silent, whatever their share", () => {
  expect(found(packetLoss, factsOf({ flows: [flowWith(9, 20)], packets }))).toEqual([]);
});

test("less than three percent are silent, however many", () => {
  expect(found(packetLoss, factsOf({ flows: [flowWith(29, 1000)], packets }))).toEqual([]);
});
