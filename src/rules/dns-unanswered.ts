/** Queries and their retries get no answer. */
import { PacketMark } from "../flow/packet-mark.ts";
import { anyRow } from "../report/rows.ts";
import type { Case } from "./case.ts";
import { isBeforeJump, isOneWay } from "./claim-limits.ts";
import type { DnsFact, Facts, PacketFact } from "./facts.ts";
import { firstPacket } from "./flow-packets.ts";
import { dnsFilter, findingOfQuestions, isQueryRejection, namesOf, queriesOf } from "./questions.ts";
import { allowOutbound, nameInCommand } from "./remedies.ts";
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
    "A question and its retries (at least two queries in all) have no answer, no ICMP error, and the client's waiting time was over before the capture ended, or its clock jumped ahead. A warning while other questions are answered. A notice when the capture holds nothing that the platform sent, and less than half of the questions were asked again with their own identifier: behind a filter that keeps queries alone it would look the same. Silent when one direction is missing from nearly all conversations.",
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
        if (!facts.capture.dnsSilenceTells) return unprovenTexts(facts, group, found);
        const answered = countAnswered(facts);
        const first = group[0];
        const isOpen = isAnsweredSince(facts, first?.askedNs ?? 0);
        const parts = countInParts(facts, group);
        const platform = facts.platform.addresses[0] ?? "";
        const clients = listed(group.map((question) => question.vmAddress));
        return {
          summary: `${counted(group.length, "question")} from ${clients} got no answer (${counted(found.packets.size, "query", "queries")}): ${namesOf(group)}; ${answered === 0 ? "no question was answered" : `${answered} others were answered`}${parts === 0 ? "" : `; ${parts === 1 ? "an answer came" : `${parts} answers came`} in fragments that are not complete: something drops IP fragments`}.`,
          severity: answered === 0 ? "critical" : "warning",
          ...(isOpen ? { cause: OPEN_CAUSE } : {}),
          remedy: `${parts === 0 ? "" : "Let IP fragments through, or have the client ask for smaller answers (EDNS buffer of 1232 bytes). "}${isOpen ? askByHand(first?.name ?? "", platform) : `Remove what denies the service tag AzurePlatformDNS from the network security group. ${allowOutbound(first?.transport ?? "udp", 53, platform)}`}`,
          displayFilter: dnsFilter(facts, "dns.flags.response == 0"),
        };
      },
    );
  },
};

/** Others were answered meanwhile: nothing closes the way. */
const OPEN_CAUSE =
  "Others that were asked meanwhile were answered, so that the way is open: the zone's own servers, or what a private resolver forwards to, do not answer the platform's resolver, or single datagrams were lost.";

function askByHand(name: string, platform: string): string {
  const target = nameInCommand(name, "NAME");
  return `Ask for it again: "dig @${platform} ${target}" (Windows: Resolve-DnsName -Server ${platform} ${target}). If it stays silent, ask the zone's own servers from elsewhere ("dig +trace ${target}"); for private names check the forwarding rulesets and what they forward to.`;
}

function isAnsweredSince(facts: Facts, sinceNs: number): boolean {
  return anyRow(facts.dns, ({ outcome, askedNs }) => outcome === "answered" && askedNs >= sinceNs);
}

function countAnswered(facts: Facts): number {
  let answered = 0;
  for (const question of facts.dns) if (question.outcome === "answered") answered++;
  return answered;
}

/** Flows in which parts of an answer came. */
function countInParts(facts: Facts, group: readonly DnsFact[]): number {
  let count = 0;
  for (const flow of new Set(group.map((question) => question.flow)))
    count += firstPacket(facts.packetsOf(flow), isAnswerFragment).length;
  return count;
}

function isAnswerFragment({ toPlatform, marks }: PacketFact): boolean {
  return !toPlatform && (marks & PacketMark.fragment) !== 0;
}

/** The answers may be missing from the capture alone. */
function unprovenTexts(
  facts: Facts,
  group: readonly DnsFact[],
  found: Case,
): Pick<Finding, "summary" | "severity" | "cause" | "remedy" | "displayFilter"> {
  const host = facts.platform.addresses[0] ?? "";
  return {
    summary: `The capture holds ${counted(group.length, "question")} from ${listed(group.map((question) => question.vmAddress))} (${counted(found.packets.size, "query", "queries")}: ${namesOf(group)}) and no answer, but nothing else that the platform sent either: whether answers came cannot be told.`,
    severity: "notice",
    cause:
      "A capture filter that keeps what the VM sends alone (dst host, dst port 53), or a resolver that does not answer. Clients without an answer mostly ask again with the same identifier, and few did.",
    remedy: `Capture again with "host ${host}" (not dst host, not dst port), and ask meanwhile. Linux: "dig @${host} example.com". Windows: Resolve-DnsName -Server ${host} example.com.`,
    displayFilter: dnsFilter(facts, "dns.flags.response == 0"),
  };
}
