/** Names that a resolver made by appending the suffixes of its search list to the name that was wanted (resolv.conf(5): search, ndots). */
import type { Rows } from "../report/rows.ts";
import type { DnsFact, Facts } from "./facts.ts";

/** Suffixes that only a search list appends to a name that already has a dot. */
const SEARCH_SUFFIXES: readonly string[] = [".internal.cloudapp.net", ".reddog.microsoft.com", ".cluster.local"];

/** With more questions than this, those that went well are not looked through for search lists. */
export const MAXIMUM_WALK = 20_000;

/** Tells whether a question's name is another question of the same client with a suffix behind it. */
export function searchExpansions(facts: Facts): (question: DnsFact) => boolean {
  const notable = namesAsked(facts.notableDns);
  const all = facts.dns.length > MAXIMUM_WALK ? new Set<string>() : namesAsked(facts.dns);
  return (question) => isExpansion(question, notable, all);
}

/** Names that were asked for, by client. */
function namesAsked(questions: Rows<DnsFact>): Set<string> {
  const asked = new Set<string>();
  for (const { vmAddress, name } of questions) asked.add(`${vmAddress} ${name.toLowerCase()}`);
  return asked;
}

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
