import { expect, test } from "vitest";
import { handshakeRefused } from "../../src/rules/handshake-refused.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { factsOf, flowFact, packetFact, tcpFact } from "../support/facts.ts";

const refused = flowFact(0, {
  platformPort: 32526,
  tcp: tcpFact({ outcome: "refused", ending: null, synAcks: 0, handshakeMs: null }),
});
const packets = {
  0: [packetFact(7, { tcpFlags: 2 }), packetFact(8, { tcpFlags: 0x14, toPlatform: false })],
};

function findings(over: Parameters<typeof factsOf>[0]) {
  return [...handshakeRefused.find(factsOf(over), DEFAULT_THRESHOLDS)];
}

test("a reset that answers the SYN is found with both packets", () => {
  const [found] = findings({ flows: [refused], packets });
  expect(found).toMatchObject({ count: 1, flows: [0], packets: [7, 8] });
  expect(found?.summary).toBe("1 connection to tcp/32526 of 168.63.129.16 refused: a reset answers the SYN.");
});

test("an established connection that is reset later is another rule's", () => {
  expect(findings({ flows: [flowFact(0, { tcp: tcpFact({ ending: "reset-by-platform" }) })], packets })).toEqual([]);
});

test("a port that the platform does not serve may refuse", () => {
  expect(findings({ flows: [{ ...refused, platformPort: 443 }], packets })).toEqual([]);
});

test("a probe that the VM refuses is another rule's", () => {
  expect(findings({ flows: [{ ...refused, initiator: "platform" }], packets })).toEqual([]);
});

test("no flows, no findings", () => {
  expect(findings({})).toEqual([]);
});
