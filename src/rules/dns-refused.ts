/** The resolver refused to answer. */
import type { Facts } from "./facts.ts";
import { answerOf, dnsFilter, findingOfQuestions, namesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";

export const dnsRefused: Rule = {
  id: "dns-refused",
  severity: "warning",
  group: "dns",
  title: "DNS answers REFUSED",
  cause:
    "The resolver does not want to answer this client or this name: a policy, or a query from a network that it does not serve.",
  remedy:
    "Ask from the primary address of the primary NIC; check DNS security policies and, with custom DNS servers in between, their forwarding and access rules.",
  detection: "Answers with response code 5.",
  confirm: 'Linux: "dig @168.63.129.16 NAME". Windows: Resolve-DnsName -Server 168.63.129.16 NAME.',
  source: "RFC 1035 section 4.1.1",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    return findingOfQuestions(
      facts.notableDns,
      (question) => question.rcode === "REFUSED",
      (question) => answerOf(facts, question),
      (group) => ({
        summary: `${counted(group.length, "question")} answered REFUSED: ${namesOf(group)}.`,
        displayFilter: dnsFilter(facts, "dns.flags.rcode == 5"),
      }),
    );
  },
};
