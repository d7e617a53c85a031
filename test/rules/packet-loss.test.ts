import { expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import { packetLoss } from "../../src/rules/packet-loss.ts";
import { factsOf, flowFact, packetFact, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const sent = (index: number, marks: number) => packetFact(index, { payloadBytes: 100, marks });
/** One segment, `marked` that were sent again, and a SYN that was. */
const packetsWith = (marked: number) => ({
  0: [
    packetFact(0, { tcpFlags: TcpFlag.syn, marks: PacketMark.retransmission }),
    sent(1, 0),
    ...Array.from({ length: marked }, (_, index) => sent(2 + index, PacketMark.retransmission)),
  ],
});
const flowWith = (marked: number, segments: number) =>
  flowFact(0, {
    tcp: tcpFact({
      retransmissions: { toPlatform: marked, fromPlatform: 0 },
      dataSegments: { toPlatform: segments, fromPlatform: 0 },
    }),
  });
const factsWith = (marked: number, segments: number) =>
  factsOf({ flows: [flowWith(marked + 1, segments)], packets: packetsWith(marked) });

test("ten segments and three percent of a service are told, and the SYN among them is no data", () => {
  expect(found(packetLoss, factsWith(10, 300))).toEqual([
    {
      summary: "wireserver: 10 of 300 data segments were sent again (3 %), on 1 connection.",
      severity: "warning",
      count: 10,
      packets: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      flows: [0],
    },
  ]);
});

test("nine segments are silent, whatever their share", () => {
  expect(found(packetLoss, factsWith(9, 20))).toEqual([]);
});

test("less than three percent are silent, however many", () => {
  expect(found(packetLoss, factsWith(29, 1000))).toEqual([]);
});

test("what another fault explains is silent", () => {
  expect(found(packetLoss, { ...factsWith(10, 300), notableFlows: [] })).toEqual([]);
});
