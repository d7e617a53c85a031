import { expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { dnsTcpBlocked } from "../../src/rules/dns-tcp-blocked.ts";
import { captureFacts, dnsFact, factsOf, flowFact, packetFact, seconds, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const truncated = dnsFact(0, { truncated: true, answers: [] });
const tcpFlow = (outcome: "unanswered" | "established") =>
  flowFact(9, { service: "dns", platformPort: 53, startedNs: seconds(1), tcp: tcpFact({ outcome, ending: null }) });
const packets = { 9: [packetFact(20, { tcpFlags: TcpFlag.syn }), packetFact(21, { tcpFlags: TcpFlag.syn })] };

test("a failed connection after a truncated answer is told with its SYNs", () => {
  expect(found(dnsTcpBlocked, factsOf({ dns: [truncated], flows: [tcpFlow("unanswered")], packets }))).toEqual([
    {
      summary: "1 truncated answer (example.com), and the connection to tcp/53 failed.",
      severity: "critical",
      count: 1,
      packets: [1, 20, 21],
      flows: [0, 9],
    },
  ]);
});

test("a second try long after the first one failed is part of the same case", () => {
  const again = flowFact(10, {
    service: "dns",
    platformPort: 53,
    startedNs: seconds(7),
    tcp: tcpFact({ outcome: "unanswered", ending: null }),
  });
  const first = { ...tcpFlow("unanswered"), endedNs: seconds(6) };
  const tries = { ...packets, 10: [packetFact(30, { tcpFlags: TcpFlag.syn })] };
  expect(found(dnsTcpBlocked, factsOf({ dns: [truncated], flows: [first, again], packets: tries }))[0]).toMatchObject({
    packets: [1, 20, 21, 30],
    flows: [0, 9, 10],
  });
});

test("no connection at all is told", () => {
  expect(found(dnsTcpBlocked, factsOf({ dns: [truncated] }))[0]?.summary).toBe(
    "1 truncated answer (example.com), and no connection to tcp/53 followed.",
  );
});

test("no connection yet when the capture ends is silent", () => {
  expect(found(dnsTcpBlocked, factsOf({ dns: [truncated], capture: captureFacts({ endedNs: seconds(5) }) }))).toEqual(
    [],
  );
});

test("a connection that opens is silent", () => {
  expect(found(dnsTcpBlocked, factsOf({ dns: [truncated], flows: [tcpFlow("established")], packets }))).toEqual([]);
});

test("a whole answer later is silent", () => {
  expect(found(dnsTcpBlocked, factsOf({ dns: [truncated, dnsFact(1, { transport: "tcp" })] }))).toEqual([]);
});

test("a whole answer to the same name in another case is the answer", () => {
  const again = dnsFact(3, { name: "eXample.COM" });
  expect(found(dnsTcpBlocked, factsOf({ dns: [truncated, again] }))).toEqual([]);
});
