/** The resolver failed. */
import type { Facts } from "./facts.ts";
import { answerOf, dnsFilter, findingOfQuestions, namesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";

export const dnsServfail: Rule = {
  id: "dns-servfail",
  severity: "warning",
  group: "dns",
  title: "DNS answers SERVFAIL",
  cause:
    "The platform's resolver could not get an answer: the zone's own servers are broken or unreachable, DNSSEC validation failed, a private resolver's forwarding rule leads nowhere, or a DNS security policy blocks the name that way.",
  remedy:
    "Ask the zone's servers from elsewhere (dig +trace NAME). For private names check the forwarding rulesets and the virtual network links of the private resolver; for blocked names the DNS security policy.",
  detection:
    "Answers with response code 2. Within milliseconds it is a rule or policy; after seconds the servers further up did not answer.",
  confirm: 'Linux: "dig @168.63.129.16 NAME". Windows: Resolve-DnsName -Server 168.63.129.16 NAME.',
  source: "RFC 1035 section 4.1.1; Azure DNS Private Resolver and DNS security policy (documentation)",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    return findingOfQuestions(
      facts.notableDns,
      (question) => question.rcode === "SERVFAIL",
      (question) => answerOf(facts, question),
      (group) => ({
        summary: `${counted(group.length, "question")} answered SERVFAIL: ${namesOf(group)}.`,
        displayFilter: dnsFilter(facts, "dns.flags.rcode == 2"),
      }),
    );
  },
};
