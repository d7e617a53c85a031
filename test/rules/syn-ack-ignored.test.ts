import { expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { synAckIgnored } from "../../src/rules/syn-ack-ignored.ts";
import { factsOf, flowFact, packetFact, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const SYN_ACK = TcpFlag.syn | TcpFlag.ack;
const flow = flowFact(0, { tcp: tcpFact({ outcome: "half-open", ending: null, synAcks: 2, synRetransmissions: 1 }) });
const packets = {
  0: [
    packetFact(0, { tcpFlags: TcpFlag.syn }),
    packetFact(1, { tcpFlags: SYN_ACK, toPlatform: false }),
    packetFact(2, { tcpFlags: TcpFlag.syn }),
    packetFact(3, { tcpFlags: SYN_ACK, toPlatform: false }),
  ],
};

test("a SYN after the SYN-ACK shows that the VM did not take it", () => {
  expect(found(synAckIgnored, factsOf({ flows: [flow], packets }))).toEqual([
    {
      summary:
        "1 connection to tcp/80 of 168.63.129.16: SYN-ACK arrived at 10.0.0.4 and was ignored; the VM sent its SYN again.",
      severity: "critical",
      count: 1,
      packets: [0, 1, 2, 3],
      flows: [0],
    },
  ]);
});

test("SYNs that all came before the SYN-ACK are silent", () => {
  const late = {
    0: [
      packetFact(0, { tcpFlags: TcpFlag.syn }),
      packetFact(1, { tcpFlags: TcpFlag.syn }),
      packetFact(2, { tcpFlags: SYN_ACK, toPlatform: false }),
    ],
  };
  expect(found(synAckIgnored, factsOf({ flows: [flow], packets: late }))).toEqual([]);
});

test("a connection that was established after all is silent", () => {
  const established = flowFact(0, { tcp: tcpFact({ synAcks: 2, synRetransmissions: 1 }) });
  expect(found(synAckIgnored, factsOf({ flows: [established], packets }))).toEqual([]);
});
