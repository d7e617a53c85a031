import { expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { connectionReset } from "../../src/rules/connection-reset.ts";
import { factsOf, flowFact, httpFact, packetFact, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const flow = flowFact(0, { tcp: tcpFact({ ending: "reset-by-platform", firstFin: null }) });
const packets = {
  0: [packetFact(0, { payloadBytes: 200 }), packetFact(1, { toPlatform: false, tcpFlags: TcpFlag.rst })],
};
const open = httpFact(0, { status: null, completed: false });

test("a reset before the answer is told", () => {
  expect(found(connectionReset, factsOf({ flows: [flow], http: [open], packets }))).toEqual([
    {
      summary:
        "1 connection of 10.0.0.4 to tcp/80 of 168.63.129.16 reset by the platform's side before the answer was complete.",
      severity: "warning",
      count: 1,
      packets: [1],
      flows: [0],
    },
  ]);
});

test("a reset after the whole answer is silent", () => {
  expect(found(connectionReset, factsOf({ flows: [flow], http: [httpFact(0)], packets }))).toEqual([]);
});

test("a reset after a FIN is silent", () => {
  const closed = flowFact(0, { tcp: tcpFact({ ending: "reset-by-vm", firstFin: "vm" }) });
  expect(found(connectionReset, factsOf({ flows: [closed], http: [open], packets }))).toEqual([]);
});

test("a connection test without data is silent", () => {
  const test = flowFact(0, {
    payloadBytes: { toPlatform: 0, fromPlatform: 0 },
    tcp: tcpFact({ ending: "reset-by-vm", firstFin: null }),
  });
  expect(found(connectionReset, factsOf({ flows: [test], packets }))).toEqual([]);
});
