/** A reverse lookup of the platform address. */
import type { DnsFact, Facts } from "./facts.ts";
import { dnsFilter, findingOfQuestions, queriesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";

export const dnsReverseLookup: Rule = {
  id: "dns-reverse-lookup",
  severity: "notice",
  group: "dns",
  title: "Something looks up the platform address's name",
  cause:
    "A program (traceroute, a monitor, a log viewer) turns addresses into names. The platform address has no name, by design.",
  remedy: "Nothing. Use the -n option of the tool to spare the lookup.",
  detection: "A PTR question for a platform address. NXDOMAIN is the right answer.",
  confirm: "nslookup 168.63.129.16 gives no name anywhere.",
  source: "What is IP address 168.63.129.16 (documentation); azure-docs issue 123131",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    const names = new Set(
      facts.platform.addresses
        .filter((address) => !address.includes(":"))
        .map((address) => `${address.split(".").reverse().join(".")}.in-addr.arpa`),
    );
    const isReverse = (question: DnsFact) => question.type === "PTR" && names.has(question.name.toLowerCase());
    return findingOfQuestions(
      facts.notableDns,
      isReverse,
      (question) => queriesOf(facts, question),
      (group) => ({
        summary: `${counted(group.length, "reverse lookup")} of the platform address; it never gives a name.`,
        displayFilter: dnsFilter(facts, "dns.qry.type == 12 && dns.flags.response == 0"),
      }),
    );
  },
};
