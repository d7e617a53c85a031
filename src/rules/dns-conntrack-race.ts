/** Of an A and AAAA pair from one port, one is lost and asked again after five seconds. */
import type { DnsFact, Facts } from "./facts.ts";
import { answerOf, dnsFilter, findingOfQuestions, namesOf, queriesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { firstNotBefore } from "./sorted-times.ts";
import { counted } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

/** The two halves of a pair leave together: glibc sends them back to back. */
const PAIR_MS = 50;

export const dnsConntrackRace: Rule = {
  id: "dns-conntrack-race",
  severity: "warning",
  group: "dns",
  title: "Every now and then a lookup takes five seconds more",
  cause:
    "The A and the AAAA query leave from one port at the same time, and the VM's connection tracking drops one of them while it sets up address translation (a race in the kernel). The resolver asks again after five seconds.",
  remedy:
    'Linux: set "options single-request-reopen" (or use-vc) in resolv.conf, or run a cache on the VM; AKS: turn on LocalDNS or use a node-local cache. Newer kernels (5.1 and later) lose less.',
  detection:
    "An A and an AAAA query for one name, from one port within 50 ms: one was answered at once, the other's first query never, and it was sent again about five seconds later, with an answer then.",
  confirm: 'Linux: "conntrack -S" shows insert_failed growing.',
  source: "AKS issues 667, 1320, 1326; resolv.conf(5)",
  thresholds: ["dnsRaceRetryMs", "dnsRaceToleranceMs"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const late: DnsFact[] = [];
    for (const question of facts.notableDns) {
      if ((question.type === "A" || question.type === "AAAA") && retriedAfterRace(facts, question, thresholds))
        late.push(question);
    }
    if (late.length === 0) return [];
    /** When quick answers' questions were asked, by what they asked. */
    const partners = new Map<string, number[]>();
    const keyOf = (question: DnsFact, type: string) =>
      `${question.vmAddress} ${question.vmPort} ${type} ${question.name.toLowerCase()}`;
    const wanted = new Set(late.map((question) => keyOf(question, question.type === "A" ? "AAAA" : "A")));
    const quickMs = thresholds.dnsRaceRetryMs - thresholds.dnsRaceToleranceMs;
    for (const question of facts.dns) {
      const { outcome, responseMs, askedNs } = question;
      if (outcome !== "answered" || (responseMs ?? Number.POSITIVE_INFINITY) >= quickMs) continue;
      const key = keyOf(question, question.type);
      if (!wanted.has(key)) continue;
      const known = partners.get(key);
      if (known === undefined) partners.set(key, [askedNs]);
      else known.push(askedNs);
    }
    for (const times of partners.values()) times.sort((a, b) => a - b);
    const hasQuickPartner = (question: DnsFact) => {
      const times = partners.get(keyOf(question, question.type === "A" ? "AAAA" : "A")) ?? [];
      const nearest = times[firstNotBefore(times, question.askedNs - PAIR_MS * 1e6, (ns) => ns)];
      return nearest !== undefined && nearest - question.askedNs <= PAIR_MS * 1e6;
    };
    return findingOfQuestions(
      late,
      hasQuickPartner,
      (question) => [...queriesOf(facts, question), ...answerOf(facts, question)],
      (group) => ({
        summary: `${counted(group.length, "question")} lost beside their twin and asked again after ${thresholds.dnsRaceRetryMs / 1000} s: ${namesOf(group)}.`,
        displayFilter: dnsFilter(facts, ""),
      }),
    );
  },
};

function retriedAfterRace(facts: Facts, question: DnsFact, thresholds: Thresholds): boolean {
  // Without any answer it is no race, which loses one packet; with two, neither query was lost.
  if (question.outcome !== "answered" || question.answeredAgain) return false;
  const [first, second] = question.queryPackets;
  if (first === undefined || second === undefined) return false;
  const gapMs = (facts.packet(second).atNs - facts.packet(first).atNs) / 1e6;
  return Math.abs(gapMs - thresholds.dnsRaceRetryMs) <= thresholds.dnsRaceToleranceMs;
}
