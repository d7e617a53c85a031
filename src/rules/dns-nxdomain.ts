/** Names that do not exist, without the noise of search lists. */
import { anyRow, type Rows } from "../report/rows.ts";
import type { DnsFact, Facts } from "./facts.ts";
import { answerOf, dnsFilter, findingOfQuestions, namesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { firstNotBefore } from "./sorted-times.ts";
import { counted } from "./texts.ts";

/** Suffixes that only a search list appends to a name that already has a dot. */
const SEARCH_SUFFIXES: readonly string[] = [".internal.cloudapp.net", ".reddog.microsoft.com", ".cluster.local"];

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
    const notable = namesAsked(facts.notableDns);
    const all = facts.dns.length > MAXIMUM_WALK ? new Set<string>() : namesAsked(facts.dns);
    const isNamed = (question: DnsFact) => isOfInterest(question) && !isExpansion(question, notable, all);
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

/** Names that were asked for, by client. */
function namesAsked(questions: Rows<DnsFact>): Set<string> {
  const asked = new Set<string>();
  for (const { vmAddress, name } of questions) asked.add(`${vmAddress} ${name.toLowerCase()}`);
  return asked;
}

/** True when the name is another question of the same client with a suffix behind it. */
function isExpansion(question: DnsFact, notable: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  const name = question.name.toLowerCase();
  for (const suffix of SEARCH_SUFFIXES) {
    if (name.endsWith(suffix) && name.slice(0, -suffix.length).includes(".")) return true;
  }
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    const prefix = name.slice(0, dot);
    const key = `${question.vmAddress} ${prefix}`;
    if (notable.has(key) || (prefix.includes(".") && all.has(key))) return true;
  }
  return false;
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

/** With more questions than this, those that went well are not looked through for search lists. */
const MAXIMUM_WALK = 20_000;
