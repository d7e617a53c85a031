/** A privatelink name is NXDOMAIN or resolves to a public address. */
import { anyRow } from "../report/rows.ts";
import type { DnsFact, Facts } from "./facts.ts";
import { answerOf, dnsFilter, findingOfQuestions, namesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { searchExpansions } from "./search-list.ts";
import { counted } from "./texts.ts";

export const dnsPrivateZone: Rule = {
  id: "dns-private-zone",
  severity: "warning",
  group: "dns",
  title: "A private endpoint's name does not resolve to its private address",
  cause:
    "The private DNS zone is not linked to this virtual network, or the record is missing there; or a forwarder gave up too early and the public answer was used.",
  remedy:
    "Link the private DNS zone (privatelink.SERVICE) to this virtual network and check its A record; behind forwarders set their time-out to at least four seconds. Where the service is meant to be used by its public address, nothing is wrong.",
  detection:
    "A name with .privatelink. in it, asked for or met as an alias, is answered NXDOMAIN, or its addresses are all public. A name with a suffix of a search list behind it is left out.",
  confirm: 'Linux: "dig @168.63.129.16 NAME". Portal: the private DNS zone, virtual network links.',
  source: "Azure Private Endpoint DNS configuration (documentation); azure-docs issue 115313",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    if (!anyRow(facts.notableDns, isMisled)) return [];
    const isExpansion = searchExpansions(facts);
    const matches = (question: DnsFact) => isMisled(question) && !(isMissing(question) && isExpansion(question));
    return findingOfQuestions(
      facts.notableDns,
      matches,
      (question) => answerOf(facts, question),
      (group) => {
        const missing = group.filter(isMissing).length;
        const names = new Set(group.map((question) => question.name.toLowerCase())).size;
        const ways = [
          missing === 0 ? "" : `${counted(missing, "answer")} NXDOMAIN`,
          missing === group.length ? "" : `${counted(group.length - missing, "answer")} with a public address`,
        ];
        return {
          summary: `${counted(names, "name")} of a private endpoint, ${ways.filter((way) => way !== "").join(" and ")}: ${namesOf(group)}.`,
          displayFilter: dnsFilter(facts, "dns.flags.response == 1"),
        };
      },
    );
  },
};

function isMisled(question: DnsFact): boolean {
  return isPrivateLink(question) && (isMissing(question) || isPublic(question));
}

function isMissing({ rcode }: DnsFact): boolean {
  return rcode === "NXDOMAIN";
}

function isPrivateLink({ name, answers }: DnsFact): boolean {
  const named = (text: string) => text.toLowerCase().includes(".privatelink.");
  return named(name) || answers.some((answer) => named(answer.name) || (answer.type === "CNAME" && named(answer.data)));
}

function isPublic({ answers }: DnsFact): boolean {
  const addresses = answers.filter(({ type }) => type === "A" || type === "AAAA");
  return addresses.length > 0 && addresses.every(({ data }) => !isPrivateAddress(data));
}

/** RFC 1918, RFC 6598 and RFC 4193. */
function isPrivateAddress(address: string): boolean {
  if (address.includes(":")) return /^f[cd]/i.test(address);
  const [first = 0, second = 0] = address.split(".").map(Number);
  return (
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}
