/** Names that do not exist, without the noise of search lists. */
import type { DnsFact, Facts } from "./facts.ts";
import { answerOf, dnsFilter, findingOfQuestions, namesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
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
    const asked = new Set<string>();
    for (const question of facts.notableDns) asked.add(`${question.vmAddress} ${question.name.toLowerCase()}`);
    const isNamed = (question: DnsFact) =>
      question.rcode === "NXDOMAIN" &&
      question.type !== "PTR" &&
      question.type !== "HINFO" &&
      !question.name.toLowerCase().includes(".privatelink.") &&
      !isExpansion(question, facts, asked);
    const missing = [...facts.notableDns].filter(isNamed);
    const found = missing.length === 0 ? new Map<string, number[]>() : foundByFirstLabel(facts);
    const isMissing = (question: DnsFact) => !isFoundElsewhere(question, found);
    return findingOfQuestions(
      missing,
      isMissing,
      (question) => answerOf(facts, question),
      (group) => ({
        summary: `${counted(new Set(group.map((question) => question.name)).size, "name does", "names do")} not exist: ${namesOf(group)}.`,
        displayFilter: dnsFilter(facts, "dns.flags.rcode == 3"),
      }),
    );
  },
};

/** True when the name is another question of the same client with a suffix behind it. */
function isExpansion(question: DnsFact, facts: Facts, notable: ReadonlySet<string>): boolean {
  const name = question.name.toLowerCase();
  for (const suffix of SEARCH_SUFFIXES) {
    if (name.endsWith(suffix) && name.slice(0, -suffix.length).includes(".")) return true;
  }
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    const prefix = name.slice(0, dot);
    if (notable.has(`${question.vmAddress} ${prefix}`)) return true;
    if (prefix.includes(".") && wasAsked(facts, question.vmAddress, prefix)) return true;
  }
  return false;
}

/** A lookup goes through its search list within this time. */
const SEARCH_MS = 5000;

/** When questions that were answered were asked, by client and first label. */
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
  return found;
}

/** True when the client found the same first label under another suffix right after: the last entry of its search list. */
function isFoundElsewhere(question: DnsFact, found: ReadonlyMap<string, readonly number[]>): boolean {
  const times = found.get(firstLabelKey(question)) ?? [];
  return times.some((ns) => ns >= question.askedNs && ns - question.askedNs <= SEARCH_MS * 1e6);
}

function firstLabelKey({ vmAddress, name }: DnsFact): string {
  return `${vmAddress} ${name.toLowerCase().split(".", 1)[0] ?? ""}`;
}

/** The longest walk through all questions for one name: beyond it the name counts as its own. */
const MAXIMUM_WALK = 20_000;

function wasAsked(facts: Facts, vmAddress: string, name: string): boolean {
  if (facts.dns.length > MAXIMUM_WALK) return false;
  for (const other of facts.dns) if (other.vmAddress === vmAddress && other.name.toLowerCase() === name) return true;
  return false;
}
