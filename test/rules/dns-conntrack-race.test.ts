import { expect, test } from "vitest";
import { dnsConntrackRace } from "../../src/rules/dns-conntrack-race.ts";
import { dnsFact, factsOf, packetFact, seconds } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const quick = dnsFact(0, { vmPort: 40000, type: "A", askedNs: seconds(1), queryPackets: [0], answerPacket: 2 });
const late = (againAt: number) => ({
  dns: [
    quick,
    dnsFact(1, {
      vmPort: 40000,
      type: "AAAA",
      askedNs: seconds(1),
      responseMs: 5002,
      retries: 1,
      queryPackets: [1, 3],
      answerPacket: 4,
    }),
  ],
  packets: { 0: [packetFact(1, { atNs: seconds(1) }), packetFact(3, { atNs: seconds(againAt) })] },
});

test("the lost half of a pair that is asked again after five seconds is told", () => {
  expect(found(dnsConntrackRace, factsOf(late(6)))).toEqual([
    {
      summary: "1 question lost beside their twin and asked again after 5 s: example.com.",
      severity: "warning",
      count: 1,
      packets: [1, 3, 4],
      flows: [1],
    },
  ]);
});

test("a retry after another time is silent", () => {
  expect(found(dnsConntrackRace, factsOf(late(5.7)))).toEqual([]);
});

test("a question whose twin was slow too is silent", () => {
  const { dns, packets } = late(6);
  expect(found(dnsConntrackRace, factsOf({ dns: dns.map((one) => ({ ...one, responseMs: 5002 })), packets }))).toEqual(
    [],
  );
});

test("a query that is never answered, or that was answered each time, was not lost to a race", () => {
  const { dns, packets } = late(6);
  const [, retried] = dns;
  const never = dnsFact(1, { ...retried, outcome: "unanswered", responseMs: null, answerPacket: null });
  const twice = dnsFact(1, { ...retried, answeredAgain: true });
  for (const one of [never, twice])
    expect(found(dnsConntrackRace, factsOf({ dns: [quick, one], packets }))).toEqual([]);
});
