/** An answer takes over a second. */
import type { DnsFact, Facts } from "./facts.ts";
import { answerOf, dnsFilter, findingOfQuestions, namesOf, queriesOf } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, duration } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const dnsSlow: Rule = {
  id: "dns-slow",
  severity: "warning",
  group: "dns",
  title: "DNS answers are slow",
  cause:
    "The first query or its answer was lost and a retry succeeded, or the name's own servers are slow or far away. Recursion to the outside may take over three seconds.",
  remedy:
    "Where a forwarder on the VM gives up after 3 s or less, set its time-out to at least 4 s, or a private name may be answered with its public address. Cache on the VM. Where only retries succeed, look for lost packets.",
  detection: "More than a second from the first query to the first answer.",
  confirm:
    'Linux: "dig @168.63.129.16 NAME | grep time". Windows: Measure-Command { Resolve-DnsName -Server 168.63.129.16 NAME }.',
  source: "azure-docs issue 115313 (forwarders wait at least four seconds); packet traces for the normal 1 to 25 ms",
  thresholds: ["dnsSlowMs"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const isSlow = (question: DnsFact) => question.responseMs !== null && question.responseMs > thresholds.dnsSlowMs;
    return findingOfQuestions(
      facts.notableDns,
      isSlow,
      (question) => [...queriesOf(facts, question), ...answerOf(facts, question)],
      (group) => {
        const slowest = group.reduce((most, question) =>
          (question.responseMs ?? 0) > (most.responseMs ?? 0) ? question : most,
        );
        const retried = group.filter((question) => question.retries > 0).length;
        const took = duration(slowest.responseMs ?? 0);
        const some = `${counted(group.length, "slow answer")}${retried === 0 ? "" : `, ${retried} of them to a retry`}; the slowest took ${took} (${slowest.name}): ${namesOf(group)}.`;
        const only = `1 slow answer, for ${slowest.name}: it took ${took}${retried === 0 ? "" : ", with a retry"}.`;
        return {
          summary: group.length === 1 ? only : some,
          displayFilter: dnsFilter(facts, ""),
        };
      },
    );
  },
};
