/** More questions than the platform takes from one VM, and answers missing. */
import { anyRow, type Rows } from "../report/rows.ts";
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
    "Within one second more than 1,000 queries, or more than 200 waiting for their answer, and questions of that time without an answer, while others had theirs: where nothing at all is answered, it is dns-unanswered.",
  confirm: 'Count queries a second: Linux "tcpdump -nni any udp port 53 and host 168.63.129.16 | pv -l >/dev/null".',
  source: "Azure subscription and service limits, DNS: queries per VM (azure-docs includes/dns-limits.md)",
  thresholds: ["dnsQueriesPerSecond", "dnsPendingQueries", "dnsPatienceMs", "oneWayPercent", "oneWayMinimumFlows"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (
      facts.dns.length <= Math.min(thresholds.dnsPendingQueries, thresholds.dnsQueriesPerSecond) ||
      isOneWay(facts, thresholds)
    )
      return [];
    if (!anyRow(facts.notableDns, (question) => question.outcome === "unanswered")) return [];
    const load = loadOf(facts.dns, thresholds);
    const tooMuch = load.perSecond > thresholds.dnsQueriesPerSecond || load.pending > thresholds.dnsPendingQueries;
    if (!tooMuch || !isAnsweredDuring(load, facts.dns, thresholds)) return [];
    // Those that waited already when the load went beyond the limit are part of it.
    const before = load.perSecond > thresholds.dnsQueriesPerSecond ? SECOND_NS : thresholds.dnsPatienceMs * 1e6;
    const isLost = (question: DnsFact) =>
      question.outcome === "unanswered" &&
      question.askedNs >= load.fromNs - before &&
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
interface Load {
  perSecond: number;
  pending: number;
  fromNs: number;
  toNs: number;
}

/** True when an answer came while the load was beyond the limit. The platform answers up to it: where nothing is answered, something else is wrong. */
function isAnsweredDuring(
  { perSecond, fromNs, toNs }: Load,
  questions: Rows<DnsFact>,
  thresholds: Thresholds,
): boolean {
  const sinceNs = perSecond > thresholds.dnsQueriesPerSecond ? fromNs - SECOND_NS : fromNs;
  for (const { outcome, askedNs, responseMs } of questions) {
    if (outcome === "answered" && askedNs <= toNs && askedNs + (responseMs ?? 0) * 1e6 >= sinceNs) return true;
  }
  return false;
}

function loadOf(questions: Rows<DnsFact>, thresholds: Thresholds): Load {
  const { asked, settled } = waits(questions, thresholds);
  const load = { perSecond: 0, pending: 0, fromNs: Number.POSITIVE_INFINITY, toNs: Number.NEGATIVE_INFINITY };
  let oldest = 0;
  let over = 0;
  for (const [index, atNs] of asked.entries()) {
    while ((asked[oldest] ?? atNs) <= atNs - SECOND_NS) oldest++;
    while ((settled[over] ?? Number.POSITIVE_INFINITY) <= atNs) over++;
    const perSecond = index + 1 - oldest;
    const pending = index + 1 - over;
    load.perSecond = Math.max(load.perSecond, perSecond);
    load.pending = Math.max(load.pending, pending);
    if (perSecond > thresholds.dnsQueriesPerSecond || pending > thresholds.dnsPendingQueries) {
      load.fromNs = Math.min(load.fromNs, atNs);
      load.toNs = Math.max(load.toNs, atNs);
    }
  }
  return load;
}

/** When questions began to wait, and when they had their answer or it was given up; each in order of time. */
function waits(questions: Rows<DnsFact>, thresholds: Thresholds): { asked: Float64Array; settled: Float64Array } {
  const asked = new Float64Array(questions.length);
  const settled = new Float64Array(questions.length);
  let count = 0;
  for (const { outcome, askedNs, responseMs } of questions) {
    if (outcome === "unsolicited") continue;
    asked[count] = askedNs;
    settled[count] = askedNs + Math.min(responseMs ?? thresholds.dnsPatienceMs, thresholds.dnsPatienceMs) * 1e6;
    count++;
  }
  return { asked: asked.subarray(0, count).sort(), settled: settled.subarray(0, count).sort() };
}
