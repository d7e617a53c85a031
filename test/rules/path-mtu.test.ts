import { expect, test } from "vitest";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import { pathMtu } from "../../src/rules/path-mtu.ts";
import { factsOf, flowFact, packetFact, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const stuck = tcpFact({
  retransmissions: { toPlatform: 2, fromPlatform: 0 },
  smallestRetransmittedBytes: { toPlatform: 1448, fromPlatform: 0 },
  largestAcknowledgedBytes: { toPlatform: 300, fromPlatform: 100 },
  unacknowledgedBytes: { toPlatform: 1448, fromPlatform: 0 },
});
const packets = {
  0: [
    packetFact(0, { payloadBytes: 300 }),
    packetFact(1, { payloadBytes: 1448 }),
    packetFact(2, { payloadBytes: 1448, marks: PacketMark.retransmission }),
  ],
};

test("large segments that are lost while small ones pass are told", () => {
  expect(found(pathMtu, factsOf({ flows: [flowFact(0, { tcp: stuck })], packets }))).toEqual([
    {
      summary: "1 connection to tcp/80 of 168.63.129.16: large segments are lost while small ones pass.",
      severity: "warning",
      count: 1,
      packets: [2],
      flows: [0],
    },
  ]);
});

test("large segments that pass elsewhere in the connection are silent", () => {
  const tcp = { ...stuck, largestAcknowledgedBytes: { toPlatform: 1448, fromPlatform: 100 } };
  expect(found(pathMtu, factsOf({ flows: [flowFact(0, { tcp })], packets }))).toEqual([]);
});

test("an ICMP error that names a smaller MTU is told with its sender", () => {
  const error = {
    packet: 3,
    flow: 0,
    atNs: 3e9,
    from: "10.0.0.1",
    to: "10.0.0.4",
    version: 4,
    type: 3,
    code: 4,
    nextHopMtu: 1300,
    quotedProtocol: 6,
    quotedPlatformPort: 80,
    quotedVmPort: 50000,
  } as const;
  const told = { 0: [...packets[0], packetFact(3, { toPlatform: false, marks: PacketMark.icmpError })] };
  const facts = factsOf({ flows: [flowFact(0)], packets: told, icmpErrors: [error] });
  expect(found(pathMtu, facts)[0]?.summary).toBe(
    "1 connection to tcp/80 of 168.63.129.16: large segments are lost while small ones pass. 10.0.0.1 says that the path carries 1300 bytes.",
  );
});
