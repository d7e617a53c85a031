/** A flood must cost a rule linear time and no more memory than its own: each case here is one for which a walk for each of many would take minutes. */
import { describe, expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { agentNotReady } from "../../src/rules/agent-not-ready.ts";
import { dnsConntrackRace } from "../../src/rules/dns-conntrack-race.ts";
import { dnsNxdomain } from "../../src/rules/dns-nxdomain.ts";
import { dnsRejected } from "../../src/rules/dns-rejected.ts";
import { dnsTcpBlocked } from "../../src/rules/dns-tcp-blocked.ts";
import { dnsUnanswered } from "../../src/rules/dns-unanswered.ts";
import type { Facts, IcmpErrorFact, PacketFact } from "../../src/rules/facts.ts";
import { goalStateGone } from "../../src/rules/goal-state-gone.ts";
import { handshakeUnanswered } from "../../src/rules/handshake-unanswered.ts";
import { nonPrimaryNicSource } from "../../src/rules/non-primary-nic-source.ts";
import type { Finding, Rule } from "../../src/rules/rule.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { dnsFact, factsOf, flowFact, httpFact, nicFact, packetFact, seconds, tcpFact } from "../support/facts.ts";

/** More than a call can have arguments, and so many that their square is out of reach. */
const MANY = 150_000;
const LIMIT_MS = 10_000;

function numbers<One>(count: number, make: (index: number) => One): One[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function findings(rule: Rule, facts: Facts): Finding[] {
  return [...rule.find(facts, DEFAULT_THRESHOLDS)];
}

/** An ICMP error of this sender about the first flow, which is a DNS client's. */
function rejection(index: number, from: string): IcmpErrorFact {
  return {
    ...{ packet: 20_000 + index, flow: 0, atNs: seconds(30_000), from, to: "10.0.0.4" },
    ...{ version: 4, type: 3, code: 13, nextHopMtu: null, quotedProtocol: 17 },
    ...{ quotedPlatformPort: 53, quotedVmPort: 40_000 },
  };
}

describe("many cases of one rule", { timeout: LIMIT_MS }, () => {
  test("conversations by a secondary NIC", () => {
    const flows = numbers(MANY, (id) => flowFact(id, { nicTo: 1, tcp: null }));
    const { platform } = factsOf();
    const nics = [nicFact(0), nicFact(1)];
    const facts = factsOf({ flows, platform: { ...platform, nics } });
    const packetsOf = (flow: number): PacketFact[] => [packetFact(flow, { flow })];
    const [found] = findings(nonPrimaryNicSource, { ...facts, packetsOf });
    expect([found?.count, found?.flows.length, found?.packets.length]).toEqual([MANY, MANY, MANY]);
  });

  test("answers 410 in one run", () => {
    const http = numbers(MANY, (id) => httpFact(id, { status: 410 }));
    expect(findings(goalStateGone, factsOf({ http })).map(({ count }) => count)).toEqual([MANY]);
  });

  test("names that do not exist, of as many labels as a name can have", () => {
    const labels = ".a".repeat(110);
    const dns = numbers(5_000, (id) => dnsFact(id, { name: `${id}${labels}`, rcode: "NXDOMAIN", answers: [] }));
    expect(findings(dnsNxdomain, factsOf({ dns })).map(({ count }) => count)).toEqual([5_000]);
  });

  test("pairs from one port for one name", () => {
    const dns = numbers(60_000, (id) => {
      const askedNs = seconds(id >>> 1);
      const asked = { askedNs, vmPort: 40_000, queryPackets: id % 2 === 0 ? [id, id + 5] : [id] };
      return dnsFact(id, { ...asked, type: id % 2 === 0 ? "A" : "AAAA" });
    });
    expect(findings(dnsConntrackRace, factsOf({ dns })).map(({ count }) => count)).toEqual([30_000]);
  });

  test("truncated answers, and connections that fail after all of them", () => {
    const dns = numbers(30_000, (id) => dnsFact(id, { name: "big.example", askedNs: 0, truncated: true }));
    const failed = { service: "dns", tcp: tcpFact({ outcome: "refused" }), platformPort: 53 } as const;
    const flows = numbers(30_000, (id) => flowFact(id, { ...failed, startedNs: seconds(1), endedNs: seconds(1) }));
    const found = findings(dnsTcpBlocked, factsOf({ dns, flows, notableFlows: flows }));
    expect(found.map(({ count }) => count)).toEqual([30_000]);
  });

  test("errors about one flow of many packets", () => {
    const packets = numbers(20_000, (index) => packetFact(index, { flow: 0 }));
    const icmpErrors = numbers(20_000, (index) => rejection(index, "10.0.0.1"));
    const facts = { ...factsOf({ icmpErrors }), packetsOf: () => packets };
    expect(findings(dnsRejected, facts).map((found) => found.packets.length)).toEqual([40_000]);
  });

  test("errors of as many senders about one flow of many packets", () => {
    const packets = numbers(20_000, (index) => packetFact(index, { flow: 0 }));
    const icmpErrors = numbers(20_000, (index) => rejection(index, `192.0.2.${index}`));
    const facts = { ...factsOf({ icmpErrors }), packetsOf: () => packets };
    expect(findings(dnsRejected, facts)).toHaveLength(20_000);
  });

  test("reports of NotReady that are all different", () => {
    const health = (description: string) => ({ state: "NotReady", substatus: "Broken", description });
    const http = numbers(20_000, (id) => httpFact(id, { health: id % 20 === 0 ? health(`case ${id}`) : null }));
    expect(findings(agentNotReady, factsOf({ http }))).toHaveLength(1000);
  });

  test("questions of as many clients: the summary names a few", () => {
    const dns = numbers(MANY, (id) =>
      dnsFact(id, { outcome: "unanswered", vmAddress: `10.${id}`, answerPacket: null }),
    );
    const [found] = findings(dnsUnanswered, factsOf({ dns }));
    expect(found?.summary).toContain(`${MANY - 5} more`);
    expect(found?.summary.length).toBeLessThan(300);
  });

  test("one flow of many packets is walked as far as it tells", () => {
    let walked = 0;
    const syns = (function* (): Iterable<PacketFact> {
      for (let index = 0; index < MANY; index++, walked++) yield packetFact(index, { tcpFlags: TcpFlag.syn });
    })();
    const flows = [flowFact(0, { tcp: tcpFact({ outcome: "unanswered" }) })];
    const facts = { ...factsOf({ flows }), packetsOf: () => syns };
    findings(handshakeUnanswered, facts);
    expect(walked).toBeLessThan(10);
  });
});
