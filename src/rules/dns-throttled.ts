/** More questions than the platform takes from one VM, and answers missing. */
import { isOneWay } from "./claim-limits.ts";
import type { DnsFact, Facts } from "./facts.ts";
import { dnsFilter, findingOfQuestions, queriesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

const SECOND_NS = 1e9;

export const dnsThrottled: Rule = {
  id: "dns-throttled",
  severity: "critical",
  group: "dns",
  title: "The VM asks DNS faster than the platform answers",
  cause:
    "The platform answers at most 1,000 queries a second, and 200 at once, for one VM, and drops the rest without a word: no cache on the VM, search lists that multiply queries, or a busy resolver behind one VM.",
  remedy:
    "Put a cache on the VM: Linux systemd-resolved, dnsmasq or nscd; AKS LocalDNS; Windows the DNS Client service. Lower ndots or end names with a dot, so that search lists do not multiply queries. Spread resolvers over several VMs or use the private resolver.",
  detection:
    "Within one second more than 1,000 queries, or more than 200 waiting for their answer, and questions of that time without an answer.",
  confirm: 'Count queries a second: Linux "tcpdump -nni any udp port 53 and host 168.63.129.16 | pv -l >/dev/null".',
  source: "Azure subscription and service limits, DNS: queries per VM (azure-docs includes/dns-limits.md)",
  thresholds: ["dnsQueriesPerSecond", "dnsPendingQueries", "dnsPatienceMs", "oneWayPercent", "oneWayMinimumFlows"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (
      facts.dns.length <= Math.min(thresholds.dnsPendingQueries, thresholds.dnsQueriesPerSecond) ||
      isOneWay(facts, thresholds)
    )
      return [];
    const load = loadOf(facts.dns, thresholds);
    const tooMuch = load.perSecond > thresholds.dnsQueriesPerSecond || load.pending > thresholds.dnsPendingQueries;
    if (!tooMuch) return [];
    const isLost = (question: DnsFact) =>
      question.outcome === "unanswered" &&
      question.askedNs >= load.fromNs - SECOND_NS &&
      question.askedNs <= load.toNs + SECOND_NS;
    return findingOfQuestions(
      facts.notableDns,
      isLost,
      (question) => queriesOf(facts, question),
      (group) => ({
        summary: `Up to ${load.perSecond} queries in a second and ${load.pending} waiting at once; ${counted(group.length, "question")} of that time got no answer.`,
        displayFilter: dnsFilter(facts, "dns.flags.response == 0"),
      }),
    );
  },
};

/** The heaviest load, and the time in which the load was beyond either limit. */
function loadOf(
  questions: Iterable<DnsFact>,
  thresholds: Thresholds,
): { perSecond: number; pending: number; fromNs: number; toNs: number } {
  const events: { atNs: number; change: 1 | -1 }[] = [];
  for (const question of questions) {
    if (question.outcome === "unsolicited") continue;
    const waitedMs = Math.min(question.responseMs ?? thresholds.dnsPatienceMs, thresholds.dnsPatienceMs);
    events.push({ atNs: question.askedNs, change: 1 }, { atNs: question.askedNs + waitedMs * 1e6, change: -1 });
  }
  events.sort((a, b) => a.atNs - b.atNs || a.change - b.change);
  const load = { perSecond: 0, pending: 0, fromNs: Number.POSITIVE_INFINITY, toNs: Number.NEGATIVE_INFINITY };
  const recent: number[] = [];
  let oldest = 0;
  let pending = 0;
  for (const { atNs, change } of events) {
    pending += change;
    if (change < 0) continue;
    recent.push(atNs);
    while ((recent[oldest] ?? atNs) <= atNs - SECOND_NS) oldest++;
    load.perSecond = Math.max(load.perSecond, recent.length - oldest);
    load.pending = Math.max(load.pending, pending);
    if (recent.length - oldest > thresholds.dnsQueriesPerSecond || pending > thresholds.dnsPendingQueries) {
      load.fromNs = Math.min(load.fromNs, atNs);
      load.toNs = Math.max(load.toNs, atNs);
    }
  }
  return load;
}
