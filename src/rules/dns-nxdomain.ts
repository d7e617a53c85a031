/** Names that do not exist, without the noise of search lists. */
import { anyRow } from "../report/rows.ts";
import type { DnsFact, Facts } from "./facts.ts";
import { answerOf, dnsFilter, findingOfQuestions, namesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { MAXIMUM_WALK, searchExpansions } from "./search-list.ts";
import { firstNotBefore } from "./sorted-times.ts";
import { counted } from "./texts.ts";

export const dnsNxdomain: Rule = {
  id: "dns-nxdomain",
  severity: "notice",
  group: "dns",
  title: "Names that do not exist were asked for",
  cause:
    "A mistyped name, a record that was removed, or a name of a private zone that is not linked to this virtual network.",
  remedy: "Check the names in the program's configuration; for private zones check the virtual network link.",
  detection:
    "Answers with response code 3, grouped. Left out: expansions of another question by a search list, reverse lookups (type PTR), a cluster resolver's loop probes (type HINFO), and privatelink names, which have a rule of their own.",
  confirm: 'Linux: "dig @168.63.129.16 NAME". Windows: Resolve-DnsName -Server 168.63.129.16 NAME.',
  source: "RFC 1035 section 4.1.1; resolv.conf(5) for search and ndots",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    if (!anyRow(facts.notableDns, isOfInterest)) return [];
    const isExpansion = searchExpansions(facts);
    const isNamed = (question: DnsFact) => isOfInterest(question) && !isExpansion(question);
    const found = foundByFirstLabel(facts);
    return findingOfQuestions(
      facts.notableDns,
      (question) => isNamed(question) && !isFoundElsewhere(question, found),
      (question) => answerOf(facts, question),
      (group) => ({
        summary: `${counted(new Set(group.map((question) => question.name)).size, "name does", "names do")} not exist: ${namesOf(group)}.`,
        displayFilter: dnsFilter(facts, "dns.flags.rcode == 3"),
      }),
    );
  },
};

/** A name that does not exist, and that no other rule is about. */
function isOfInterest({ rcode, type, name }: DnsFact): boolean {
  if (rcode !== "NXDOMAIN" || type === "PTR" || type === "HINFO") return false;
  return !name.toLowerCase().includes(".privatelink.");
}

/** A lookup goes through its search list within this time. */
const SEARCH_MS = 5000;

/** When questions that were answered were asked, by client and first label, in order. */
function foundByFirstLabel(facts: Facts): Map<string, number[]> {
  const found = new Map<string, number[]>();
  if (facts.dns.length > MAXIMUM_WALK) return found;
  for (const question of facts.dns) {
    if (question.rcode !== "NOERROR" || question.answers.length === 0) continue;
    const key = firstLabelKey(question);
    const times = found.get(key) ?? [];
    found.set(key, times);
    times.push(question.askedNs);
  }
  for (const times of found.values()) times.sort((a, b) => a - b);
  return found;
}

/** True when the client found the same first label under another suffix right after: the last entry of its search list. */
function isFoundElsewhere(question: DnsFact, found: ReadonlyMap<string, readonly number[]>): boolean {
  const times = found.get(firstLabelKey(question)) ?? [];
  const next = times[firstNotBefore(times, question.askedNs, (ns) => ns)];
  return next !== undefined && next - question.askedNs <= SEARCH_MS * 1e6;
}

function firstLabelKey({ vmAddress, name }: DnsFact): string {
  return `${vmAddress} ${name.toLowerCase().split(".", 1)[0] ?? ""}`;
}
