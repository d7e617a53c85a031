import { expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import { handshakeRejected } from "../../src/rules/handshake-rejected.ts";
import { factsOf, flowFact, packetFact, tcpFact, VM } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const flow = flowFact(0, { tcp: tcpFact({ outcome: "rejected", ending: null }) });
const packets = {
  0: [packetFact(0, { tcpFlags: TcpFlag.syn }), packetFact(1, { toPlatform: false, marks: PacketMark.icmpError })],
};
const error = {
  packet: 1,
  flow: 0,
  atNs: 1e9,
  from: "10.0.0.1",
  to: VM,
  version: 4,
  type: 3,
  code: 13,
  nextHopMtu: null,
  quotedProtocol: 6,
  quotedPlatformPort: 80,
  quotedVmPort: 50000,
} as const;

test("the sender of the ICMP error is named as what rejects", () => {
  expect(found(handshakeRejected, factsOf({ flows: [flow], packets, icmpErrors: [error] }))).toEqual([
    {
      summary:
        "1 connection to tcp/80 of 168.63.129.16 rejected by 10.0.0.1: communication administratively prohibited.",
      severity: "critical",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("an ICMP error about an established connection is silent", () => {
  expect(found(handshakeRejected, factsOf({ flows: [flowFact(0)], packets, icmpErrors: [error] }))).toEqual([]);
});

test("a redirect that came later is not who rejected", () => {
  const redirect = { ...error, from: "10.0.0.9", type: 5, code: 1 };
  expect(
    found(handshakeRejected, factsOf({ flows: [flow], packets, icmpErrors: [error, redirect] }))[0]?.summary,
  ).toContain("rejected by 10.0.0.1:");
});
