import { expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { handshakeHalfOpen } from "../../src/rules/handshake-half-open.ts";
import { captureFacts, factsOf, flowFact, packetFact, seconds, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const flow = flowFact(0, { tcp: tcpFact({ outcome: "half-open", ending: null }) });
const opening = [
  packetFact(0, { tcpFlags: TcpFlag.syn }),
  packetFact(1, { tcpFlags: TcpFlag.syn | TcpFlag.ack, toPlatform: false }),
];

test("a SYN-ACK without any ACK is told", () => {
  expect(found(handshakeHalfOpen, factsOf({ flows: [flow], packets: { 0: opening } }))).toEqual([
    {
      summary: "1 connection from 10.0.0.4 to tcp/80 of 168.63.129.16: the platform's SYN-ACK was never acknowledged.",
      severity: "warning",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("a reset of the VM, as traceroute and scanners cause, is silent", () => {
  const packets = { 0: [...opening, packetFact(2, { tcpFlags: TcpFlag.rst })] };
  expect(found(handshakeHalfOpen, factsOf({ flows: [flow], packets }))).toEqual([]);
});

test("a SYN-ACK within the last second of the capture is silent", () => {
  const facts = factsOf({ flows: [flow], packets: { 0: opening }, capture: captureFacts({ endedNs: seconds(1.9) }) });
  expect(found(handshakeHalfOpen, facts)).toEqual([]);
});
