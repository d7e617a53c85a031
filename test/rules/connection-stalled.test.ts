import { expect, test } from "vitest";
import { connectionStalled } from "../../src/rules/connection-stalled.ts";
import { captureFacts, factsOf, flowFact, packetFact, seconds, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const stuck = tcpFact({
  ending: "open",
  unacknowledgedBytes: { toPlatform: 900, fromPlatform: 0 },
  unacknowledgedRetransmissions: { toPlatform: 3, fromPlatform: 0 },
  unacknowledgedSinceNs: { toPlatform: seconds(1), fromPlatform: null },
});
const packets = {
  0: [
    packetFact(0),
    packetFact(1, { payloadBytes: 900 }),
    packetFact(2, { payloadBytes: 900 }),
    packetFact(3, { payloadBytes: 900 }),
  ],
};

test("data that is sent again and never acknowledged is told from its first copy on", () => {
  expect(
    found(connectionStalled, factsOf({ flows: [flowFact(0, { tcp: stuck, endedNs: seconds(3) })], packets })),
  ).toEqual([
    {
      summary:
        "1 connection of 10.0.0.4 to tcp/80 of 168.63.129.16 stalled: the VM sent 900 bytes again and again for 2 s without an acknowledgment.",
      severity: "critical",
      count: 1,
      packets: [1, 2, 3],
      flows: [0],
    },
  ]);
});

test("less than two seconds are silent", () => {
  expect(
    found(connectionStalled, factsOf({ flows: [flowFact(0, { tcp: stuck, endedNs: seconds(2.9) })], packets })),
  ).toEqual([]);
});

test("two retransmissions are silent", () => {
  const tcp = { ...stuck, unacknowledgedRetransmissions: { toPlatform: 2, fromPlatform: 0 } };
  expect(found(connectionStalled, factsOf({ flows: [flowFact(0, { tcp, endedNs: seconds(9) })], packets }))).toEqual(
    [],
  );
});

test("a capture of one direction is silent", () => {
  const capture = captureFacts({ oneWayFlows: { toPlatform: 5, fromPlatform: 0 }, twoWayFlows: 0 });
  expect(
    found(connectionStalled, factsOf({ capture, flows: [flowFact(0, { tcp: stuck, endedNs: seconds(9) })], packets })),
  ).toEqual([]);
});
