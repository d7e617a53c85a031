import { expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { portNotServed } from "../../src/rules/port-not-served.ts";
import { factsOf, flowFact, packetFact, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const packets = { 0: [packetFact(0, { tcpFlags: TcpFlag.syn }), packetFact(1, { tcpFlags: TcpFlag.syn })] };
const unanswered = tcpFact({ outcome: "unanswered", ending: null });

test("a test of port 443 is told as harmless", () => {
  expect(
    found(
      portNotServed,
      factsOf({ flows: [flowFact(0, { service: "other", platformPort: 443, tcp: unanswered })], packets }),
    ),
  ).toEqual([
    {
      summary: "1 connection from 10.0.0.4 to tcp/443 of 168.63.129.16, which it does not serve.",
      severity: "notice",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("silence on a served port is another rule", () => {
  expect(
    found(portNotServed, factsOf({ flows: [flowFact(0, { platformPort: 80, tcp: unanswered })], packets })),
  ).toEqual([]);
});

test("a port that answers is silent", () => {
  expect(
    found(portNotServed, factsOf({ flows: [flowFact(0, { service: "other", platformPort: 8080 })], packets })),
  ).toEqual([]);
});
