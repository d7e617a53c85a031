/** Queries and their retries get no answer. */
import { isBeforeJump, isOneWay } from "./claim-limits.ts";
import type { DnsFact, Facts } from "./facts.ts";
import { dnsFilter, findingOfQuestions, isQueryRejection, namesOf, queriesOf } from "./questions.ts";
import { allowOutbound } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, listed } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const dnsUnanswered: Rule = {
  id: "dns-unanswered",
  severity: "critical",
  group: "dns",
  title: "DNS questions get no answer",
  cause:
    "Queries leave the VM and nothing comes back: a network security group that denies the service tag AzurePlatformDNS, a drop between the VM and the platform, an inbound rule before the place of capture, or the wrong NIC. Packets cannot tell these apart.",
  remedy:
    "Allow UDP and TCP port 53 to 168.63.129.16: remove the deny rule for the service tag AzurePlatformDNS from the network security group, and allow outbound udp/53 and tcp/53 in the VM's firewall.",
  detection:
    "A question and its retries (at least two queries in all) have no answer, no ICMP error, and the client's waiting time was over before the capture ended, or its clock jumped ahead. A warning while other questions are answered. Silent when one direction is missing from nearly all conversations.",
  confirm:
    'Linux: "dig @168.63.129.16 example.com; dig +tcp @168.63.129.16 example.com". Windows: Resolve-DnsName -Server 168.63.129.16 example.com.',
  source:
    "What is IP address 168.63.129.16 (documentation); Name resolution for resources in Azure virtual networks; azure-docs issue 61213",
  thresholds: ["dnsMinimumQueries", "dnsPatienceMs", "oneWayPercent", "oneWayMinimumFlows"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return [];
    const rejected = new Set(facts.icmpErrors.flatMap((error) => (isQueryRejection(error, facts) ? [error.flow] : [])));
    const hasJumps = facts.capture.clockJumps.length > 0;
    const isLost = (question: DnsFact) =>
      question.outcome === "unanswered" &&
      !question.pendingAtEnd &&
      !rejected.has(question.flow) &&
      !(hasJumps && queriesOf(facts, question).some(({ atNs }) => isBeforeJump(facts, atNs, thresholds.dnsPatienceMs)));
    return findingOfQuestions(
      facts.notableDns,
      isLost,
      (question) => queriesOf(facts, question),
      (group, found) => {
        if (found.packets.size < thresholds.dnsMinimumQueries) return null;
        const answered = countAnswered(facts);
        const first = group[0];
        const platform = facts.platform.addresses[0] ?? "";
        const clients = listed(group.map((question) => question.vmAddress));
        return {
          summary: `${counted(group.length, "question")} from ${clients} got no answer (${counted(found.packets.size, "query", "queries")}): ${namesOf(group)}; ${answered === 0 ? "no question was answered" : `${answered} others were answered`}${answered === 0 && isNeverRepeated(group) ? ", and none was asked again: a capture filter that keeps queries alone would look the same" : ""}.`,
          severity: answered === 0 ? "critical" : "warning",
          remedy: `Remove what denies the service tag AzurePlatformDNS from the network security group. ${allowOutbound(first?.transport ?? "udp", 53, platform)}`,
          displayFilter: dnsFilter(facts, "dns.flags.response == 0"),
        };
      },
    );
  },
};

function countAnswered(facts: Facts): number {
  let answered = 0;
  for (const question of facts.dns) if (question.outcome === "answered") answered++;
  return answered;
}

/** With fewer questions chance may have it so. */
const NEVER_REPEATED_QUESTIONS = 3;

/** Clients without an answer ask again: that none does makes it likelier that answers came, and were not captured. */
function isNeverRepeated(group: readonly DnsFact[]): boolean {
  return group.length >= NEVER_REPEATED_QUESTIONS && group.every(({ retries }) => retries === 0);
}
