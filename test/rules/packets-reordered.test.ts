import { expect, test } from "vitest";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import { packetsReordered } from "../../src/rules/packets-reordered.ts";
import { factsOf, flowFact, packetFact, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const packetsWith = (marked: number) => ({
  0: [
    packetFact(0, { payloadBytes: 100 }),
    ...Array.from({ length: marked }, (_, index) =>
      packetFact(1 + index, { payloadBytes: 100, marks: PacketMark.outOfOrder }),
    ),
  ],
});
const flowWith = (marked: number, segments: number) =>
  flowFact(0, {
    tcp: tcpFact({
      outOfOrder: { toPlatform: marked, fromPlatform: 0 },
      dataSegments: { toPlatform: segments, fromPlatform: 0 },
    }),
  });

const factsWith = (marked: number, segments: number) =>
  factsOf({ flows: [flowWith(marked, segments)], packets: packetsWith(marked) });

test("ten segments and three percent of a service are told", () => {
  expect(found(packetsReordered, factsWith(10, 300))).toEqual([
    {
      summary: "wireserver: 10 of 300 data segments were out of order, on 1 connection.",
      severity: "notice",
      count: 10,
      packets: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      flows: [0],
    },
  ]);
});

test("nine segments are silent, whatever their share", () => {
  expect(found(packetsReordered, factsWith(9, 20))).toEqual([]);
});

test("less than three percent are silent, however many", () => {
  expect(found(packetsReordered, factsWith(29, 1000))).toEqual([]);
});
