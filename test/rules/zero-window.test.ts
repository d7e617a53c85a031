import { expect, test } from "vitest";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import { zeroWindow } from "../../src/rules/zero-window.ts";
import { factsOf, flowFact, packetFact, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const packets = { 0: [packetFact(0), packetFact(1, { marks: PacketMark.zeroWindow })] };
const closedFor = (ms: number) =>
  flowFact(0, { tcp: tcpFact({ longestZeroWindowMs: { toPlatform: ms, fromPlatform: null } }) });

test("a window that stays closed for a second is told", () => {
  expect(found(zeroWindow, factsOf({ flows: [closedFor(1000)], packets }))).toEqual([
    {
      summary: "The VM (10.0.0.4) kept its window closed for up to 1 s on 1 connection with tcp/80 of 168.63.129.16.",
      severity: "warning",
      count: 1,
      packets: [1],
      flows: [0],
    },
  ]);
});

test("a window that opens sooner is silent", () => {
  expect(found(zeroWindow, factsOf({ flows: [closedFor(999)], packets }))).toEqual([]);
});
