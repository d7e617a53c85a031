import { expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { handshakeSlow } from "../../src/rules/handshake-slow.ts";
import { captureFacts, factsOf, flowFact, packetFact, seconds, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const packets = {
  0: [
    packetFact(0, { tcpFlags: TcpFlag.syn }),
    packetFact(1, { tcpFlags: TcpFlag.syn | TcpFlag.ack, toPlatform: false }),
  ],
};

test("a handshake of more than a second is told", () => {
  const flows = [flowFact(0, { tcp: tcpFact({ handshakeMs: 1001 }) })];
  expect(found(handshakeSlow, factsOf({ flows, packets }))).toEqual([
    {
      summary:
        "1 connection to tcp/80 of 168.63.129.16 opened slowly: 0 SYNs sent again, the longest handshake took 1 s.",
      severity: "warning",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("a handshake of exactly a second is silent", () => {
  expect(
    found(handshakeSlow, factsOf({ flows: [flowFact(0, { tcp: tcpFact({ handshakeMs: 1000 }) })], packets })),
  ).toEqual([]);
});

test("a handshake after a retry is told, however quick", () => {
  const flows = [flowFact(0, { tcp: tcpFact({ handshakeMs: 900, synRetransmissions: 1 }) })];
  expect(found(handshakeSlow, factsOf({ flows, packets }))).toHaveLength(1);
});

test("a handshake within which the capture's clock jumped is silent", () => {
  const flows = [flowFact(0, { tcp: tcpFact({ handshakeMs: 7_200_000 }) })];
  const clockJumps = [{ source: 0, frame: 2, fromNs: 0, toNs: seconds(7200) }];
  expect(found(handshakeSlow, factsOf({ flows, packets, capture: captureFacts({ clockJumps }) }))).toEqual([]);
});
