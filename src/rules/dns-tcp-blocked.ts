/** A truncated answer, and the retry over TCP fails or never comes. */
import { isOneWay, remainingMs } from "./claim-limits.ts";
import type { DnsFact, Facts, FlowFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { isSyn } from "./packet-kinds.ts";
import { answerOf, findingOfQuestions, namesOf } from "./questions.ts";
import { allowOutbound } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { firstNotBefore } from "./sorted-times.ts";
import { counted, platformFilter } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

/** Tries that are looked at for one answer; a client makes two or three. */
const MAX_TRIES = 16;

export const dnsTcpBlocked: Rule = {
  id: "dns-tcp-blocked",
  severity: "critical",
  group: "dns",
  title: "Large DNS answers fail: TCP port 53 does not work",
  cause:
    "The answer did not fit into UDP, and the client cannot ask again over TCP: a rule lets only udp/53 through (old agent rules did, and over-broad blocks for containers do).",
  remedy: "Allow TCP port 53 to 168.63.129.16 as well as UDP, for every user and not for root alone.",
  detection:
    "An answer with the TC bit, and within five seconds either no connection to tcp/53 at all, or one that fails; and no later answer to the question without TC. When no SYN was captured the VM's own output rules may have dropped it: packets cannot tell that from a client that does not try.",
  confirm:
    'Linux: "dig +tcp @168.63.129.16 NAME" as root and as another user; "iptables -t security -S OUTPUT". Windows: Test-NetConnection 168.63.129.16 -Port 53.',
  source: "RFC 7766 section 5; WALinuxAgent issue 1673; AgentBaker pull request 375",
  thresholds: ["dnsTcpRetryMs", "oneWayPercent", "oneWayMinimumFlows"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return [];
    const truncated: DnsFact[] = [];
    for (const question of facts.notableDns)
      if (question.truncated && question.transport === "udp") truncated.push(question);
    if (truncated.length === 0) return [];
    const connections = connectionsByClient(facts);
    const asked = new Set(truncated.map(keyOf));
    const settled = new Set<string>();
    for (const question of facts.dns) {
      if (question.outcome !== "answered" || question.truncated) continue;
      const key = keyOf(question);
      if (asked.has(key)) settled.add(key);
    }
    const tries = new Map(truncated.map((question) => [question.id, retriesOf(question, connections, thresholds)]));
    const isBlocked = (question: DnsFact) => {
      const connection = tries.get(question.id);
      if (connection === undefined || settled.has(keyOf(question))) return false;
      if (connection.length === 0) return remainingMs(facts, answeredNs(question)) >= thresholds.dnsTcpRetryMs;
      return connection.every((flow) => hasFailed(facts, flow, thresholds));
    };
    return findingOfQuestions(
      truncated,
      isBlocked,
      (question) => answerOf(facts, question),
      (group, found) => {
        const tried = new Set(group.flatMap((question) => (tries.get(question.id) ?? []).map((flow) => flow.id)));
        for (const flow of tried) {
          found.flows.add(flow);
          for (const packet of packetsThat(facts.packetsOf(flow), isSyn)) found.show(packet);
        }
        const platform = facts.platform.addresses[0] ?? "";
        return {
          summary: `${counted(group.length, "truncated answer")} (${namesOf(group)}), and ${tried.size > 0 ? "the connection to tcp/53 failed" : "no connection to tcp/53 followed"}.`,
          remedy: allowOutbound("tcp", 53, platform),
          displayFilter: `${platformFilter(facts)} && (dns.flags.truncated == 1 || (tcp.port == 53 && tcp.flags.syn == 1))`,
        };
      },
    );
  },
};

function answeredNs(question: DnsFact): number {
  return question.askedNs + (question.responseMs ?? 0) * 1e6;
}

/** What is asked, and by whom. Resolvers mix the case of names on purpose. */
function keyOf({ vmAddress, type, name }: DnsFact): string {
  return `${vmAddress} ${type} ${name.toLowerCase()}`;
}

/** DNS connections by the VM's address, in order of time. */
function connectionsByClient(facts: Facts): Map<string, FlowFact[]> {
  const clients = new Map<string, FlowFact[]>();
  for (const flow of facts.flows) {
    if (flow.service !== "dns" || flow.tcp === null) continue;
    const known = clients.get(flow.vmAddress);
    if (known === undefined) clients.set(flow.vmAddress, [flow]);
    else known.push(flow);
  }
  for (const flows of clients.values()) flows.sort((a, b) => a.startedNs - b.startedNs);
  return clients;
}

/** Connections that follow the answer, and those that follow one another after it: a client tries more than once. */
function retriesOf(
  question: DnsFact,
  connections: ReadonlyMap<string, readonly FlowFact[]>,
  thresholds: Thresholds,
): FlowFact[] {
  const from = answeredNs(question);
  const own = connections.get(question.vmAddress) ?? [];
  let untilNs = from + thresholds.dnsTcpRetryMs * 1e6;
  const tries: FlowFact[] = [];
  for (let at = firstNotBefore(own, from, (flow) => flow.startedNs); tries.length < MAX_TRIES; at++) {
    const flow = own[at];
    if (flow === undefined || flow.startedNs > untilNs) break;
    tries.push(flow);
    untilNs = Math.max(untilNs, flow.endedNs + thresholds.dnsTcpRetryMs * 1e6);
  }
  return tries;
}

function hasFailed(facts: Facts, flow: FlowFact, thresholds: Thresholds): boolean {
  const outcome = flow.tcp?.outcome;
  if (outcome === "refused" || outcome === "rejected") return true;
  return outcome === "unanswered" && remainingMs(facts, flow.startedNs) >= thresholds.handshakePatienceMs;
}
