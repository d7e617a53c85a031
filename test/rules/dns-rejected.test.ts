import { expect, test } from "vitest";
import { dnsRejected } from "../../src/rules/dns-rejected.ts";
import { dnsFact, factsOf, PLATFORM, packetFact, VM } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const error = {
  packet: 1,
  flow: 0,
  atNs: 1e9,
  from: PLATFORM,
  to: VM,
  version: 4,
  type: 3,
  code: 3,
  nextHopMtu: null,
  quotedProtocol: 17,
  quotedPlatformPort: 53,
  quotedVmPort: 40000,
} as const;
const packets = { 0: [packetFact(0), packetFact(1, { toPlatform: false })] };

test("an ICMP error about a query is told with the query", () => {
  expect(found(dnsRejected, factsOf({ icmpErrors: [error], packets }))).toEqual([
    {
      summary:
        "1 query to udp/53 of 168.63.129.16 rejected by an ICMP error from 168.63.129.16; no question was answered.",
      severity: "critical",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("the VM's own ICMP about a late answer is silent", () => {
  expect(found(dnsRejected, factsOf({ icmpErrors: [{ ...error, from: VM, to: PLATFORM }], packets }))).toEqual([]);
});

test("a redirect rejects nothing: the query went on by another way", () => {
  expect(found(dnsRejected, factsOf({ icmpErrors: [{ ...error, type: 5, code: 1 }], packets }))).toEqual([]);
});

test("a time-exceeded error, as a routing loop makes it, is told; one that a traceroute to the port draws is not", () => {
  const exceeded = { ...error, type: 11, code: 0 };
  const question = dnsFact(0, { outcome: "unanswered", responseMs: null, answerPacket: null, queryPackets: [0] });
  expect(found(dnsRejected, factsOf({ icmpErrors: [exceeded], packets, dns: [question] }))).toHaveLength(1);
  expect(found(dnsRejected, factsOf({ icmpErrors: [exceeded], packets, dns: [dnsFact(0)] }))).toEqual([]);
});
