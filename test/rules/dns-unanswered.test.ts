import { expect, test } from "vitest";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import { dnsUnanswered } from "../../src/rules/dns-unanswered.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { captureFacts, dnsFact, factsOf, PLATFORM, packetFact, VM } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const lost = dnsFact(0, {
  outcome: "unanswered",
  rcode: null,
  responseMs: null,
  answers: [],
  answerPacket: null,
  queryPackets: [0, 1],
  retries: 1,
});

test("a question and its retry without an answer are critical when nothing is answered", () => {
  expect(found(dnsUnanswered, factsOf({ dns: [lost] }))).toEqual([
    {
      summary: "1 question from 10.0.0.4 got no answer (2 queries): example.com; no question was answered.",
      severity: "critical",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("they are a warning while others are answered", () => {
  expect(found(dnsUnanswered, factsOf({ dns: [lost, dnsFact(5)] }))[0]?.severity).toBe("warning");
});

test("the way is said to be closed when nothing was answered since, and open when others were", () => {
  const remedyWith = (answeredId: number) => {
    const facts = factsOf({ dns: [{ ...lost, id: 3, askedNs: 3e9 }, dnsFact(answeredId)] });
    return [...dnsUnanswered.find(facts, DEFAULT_THRESHOLDS)][0]?.remedy;
  };
  expect(remedyWith(2)).toMatch(/^Remove what denies the service tag AzurePlatformDNS/);
  expect(remedyWith(5)).toMatch(/^Ask for it again: "dig @168\.63\.129\.16 example\.com"/);
});

test("a single query may be lost by chance", () => {
  expect(found(dnsUnanswered, factsOf({ dns: [{ ...lost, queryPackets: [0], retries: 0 }] }))).toEqual([]);
});

test("a question that still waits when the capture ends is silent", () => {
  expect(found(dnsUnanswered, factsOf({ dns: [{ ...lost, pendingAtEnd: true }] }))).toEqual([]);
});

test("a capture of one direction is silent", () => {
  const capture = captureFacts({ oneWayFlows: { toPlatform: 3, fromPlatform: 0 }, twoWayFlows: 0 });
  expect(found(dnsUnanswered, factsOf({ capture, dns: [lost] }))).toEqual([]);
});

test("a redirect about a query, or the VM's own error about a late answer, explains no silence", () => {
  const redirect = {
    packet: 9,
    flow: 0,
    atNs: 1e9,
    from: "10.0.0.1",
    to: VM,
    version: 4,
    type: 5,
    code: 1,
    nextHopMtu: null,
    quotedProtocol: 17,
    quotedPlatformPort: 53,
    quotedVmPort: 40000,
  } as const;
  const own = { ...redirect, type: 3, code: 3, from: VM, to: PLATFORM };
  expect(found(dnsUnanswered, factsOf({ dns: [lost], icmpErrors: [redirect, own] }))).toHaveLength(1);
  expect(found(dnsUnanswered, factsOf({ dns: [lost], icmpErrors: [{ ...redirect, type: 3, code: 13 }] }))).toEqual([]);
});

test("a question that waited when the clock jumped ahead may have had its answer in time", () => {
  const jump = { source: 0, frame: 9, fromNs: 2e9, toNs: 7202e9 };
  const capture = captureFacts({ clockJumps: [jump] });
  expect(found(dnsUnanswered, factsOf({ capture, dns: [lost] }))).toEqual([]);
  const later = captureFacts({ clockJumps: [{ ...jump, fromNs: 60e9 }] });
  expect(found(dnsUnanswered, factsOf({ capture: later, dns: [lost] }))).toHaveLength(1);
});

test("where the answers may be missing from the capture alone, it is a notice that says so", () => {
  const capture = captureFacts({ dnsSilenceTells: false });
  expect(found(dnsUnanswered, factsOf({ capture, dns: [lost] }))).toEqual([
    {
      summary:
        "The capture holds 1 question from 10.0.0.4 (2 queries: example.com) and no answer, but nothing else that the platform sent either: whether answers came cannot be told.",
      severity: "notice",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("an answer of which only parts arrive is told, and what to do about it", () => {
  const part = packetFact(2, { flow: 0, toPlatform: false, marks: PacketMark.fragment });
  const [finding] = [...dnsUnanswered.find(factsOf({ dns: [lost], packets: { 0: [part] } }), DEFAULT_THRESHOLDS)];
  expect(finding?.summary).toBe(
    "1 question from 10.0.0.4 got no answer (2 queries): example.com; no question was answered; an answer came in fragments that are not complete: something drops IP fragments.",
  );
  expect(finding?.remedy).toMatch(/^Let IP fragments through/);
});
