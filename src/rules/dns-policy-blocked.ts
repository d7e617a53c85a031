/** The answer leads to the name by which a DNS security policy blocks. */
import type { DnsFact, Facts } from "./facts.ts";
import { answerOf, dnsFilter, findingOfQuestions, namesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";

/** What a blocked name is an alias of. */
const BLOCK_NAME = "blockpolicy.azuredns.invalid";

export const dnsPolicyBlocked: Rule = {
  id: "dns-policy-blocked",
  severity: "warning",
  group: "dns",
  title: "A DNS security policy blocks a name",
  cause: "A DNS security policy linked to this virtual network has a block rule for the name.",
  remedy:
    "Ask the owner of the DNS security policy: in the portal, DNS security policies, the one linked to this virtual network, its traffic rules and domain lists.",
  detection: `The answer is an alias of ${BLOCK_NAME}.`,
  confirm: 'Linux: "dig @168.63.129.16 NAME". Windows: Resolve-DnsName -Server 168.63.129.16 NAME.',
  source: "DNS security policy (Azure DNS documentation)",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    const isBlocked = (question: DnsFact) =>
      question.answers.some(
        ({ type, data }) => type === "CNAME" && data.toLowerCase().replace(/\.$/, "") === BLOCK_NAME,
      );
    return findingOfQuestions(
      facts.notableDns,
      isBlocked,
      (question) => answerOf(facts, question),
      (group) => ({
        summary: `${counted(group.length, "question")} blocked by a DNS security policy: ${namesOf(group)}.`,
        displayFilter: dnsFilter(facts, `lower(dns.cname) == "${BLOCK_NAME}"`),
      }),
    );
  },
};
