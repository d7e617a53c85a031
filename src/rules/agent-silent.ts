/** Other platform traffic flows, and the agent asks for nothing: never, or for a while. */
import { Case } from "./case.ts";
import { isOneWay, watchedMs } from "./claim-limits.ts";
import { isAgentTraffic, packetsOfExchange } from "./exchanges.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { firstPacket, lastPacket } from "./flow-packets.ts";
import { agentPolls, isSameVm, type Polls, regularPeriodNs } from "./polling.ts";
import type { Finding, Rule } from "./rule.ts";
import { duration, trafficFilter } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

/** Kinds of other traffic that must be there before a filter of the capture can be ruled out as the reason. */
const MINIMUM_OTHER_SERVICES = 2;

export const agentSilent: Rule = {
  id: "agent-silent",
  severity: "warning",
  group: "vm-agent",
  title: "The VM agent asks for nothing",
  cause:
    "The agent is not running, or the VM's own output rules drop its requests before they reach a NIC (the agent's rules let only root through), or it found no route.",
  remedy:
    'Start the agent and look at its log. Linux: "systemctl status walinuxagent waagent; tail /var/log/waagent.log" and "iptables -t security -S OUTPUT; ip route get 168.63.129.16". Windows: Get-Service WindowsAzureGuestAgent, RdAgent; then C:\\WindowsAzure\\Logs\\WaAppAgent.log.',
  detection:
    "At least two other kinds of platform traffic were captured over a minute or more, and not one packet to tcp/80 or tcp/32526. A drop by the VM's output rules leaves no packet, so packets cannot tell it from a stopped agent. Silent on short captures and on those that show one kind of traffic alone, for a filter would look the same. Or the agent polled regularly and then paused for so long, while connections and queries of other kinds began.",
  confirm:
    'Linux: "curl -m 5 -H Metadata:true http://168.63.129.16/?comp=versions" as root. Windows: Test-NetConnection 168.63.129.16 -Port 80.',
  source: "WALinuxAgent defaults (common/conf.py, ga/update.py): polling every 6 s; ga/firewall_manager.py",
  absence: true,
  thresholds: ["agentPollMs", "agentSilentPeriods", "agentSilentMs"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const watched = watchedMs(facts);
    const neededMs = Math.max(thresholds.agentSilentMs, thresholds.agentSilentPeriods * thresholds.agentPollMs);
    if (watched === null || watched < neededMs || isOneWay(facts, thresholds)) return;
    const others = otherTraffic(facts);
    const finding =
      others === null ? pausedFinding(facts, thresholds, neededMs) : silentFinding(facts, others, watched);
    if (finding !== null) yield finding;
  },
};

/** Kinds of other traffic by name, with the first flow of each, and the last flow of all. */
interface OtherTraffic {
  readonly first: Map<string, number>;
  readonly last: number;
}

/** Null when the agent was heard. */
function otherTraffic(facts: Facts): OtherTraffic | null {
  const first = new Map<string, number>();
  let last = -1;
  for (const flow of facts.flows) {
    if (isAgentTraffic(flow)) return null;
    if (!isService(flow)) continue;
    if (!first.has(flow.service)) first.set(flow.service, flow.id);
    last = flow.id;
  }
  return { first, last };
}

/** The agent was never heard. */
function silentFinding(facts: Facts, { first, last }: OtherTraffic, watched: number): Finding | null {
  const enough = facts.capture.live ? 1 : MINIMUM_OTHER_SERVICES;
  if (first.size < enough) return null;
  const found = new Case();
  for (const flow of first.values()) found.add(flow, firstPacket(facts.packetsOf(flow)));
  found.add(last, lastPacket(facts.packetsOf(last)));
  found.count = 1;
  return found.finding({
    summary: `In ${duration(watched)} not one packet to tcp/80 or tcp/32526, while ${[...first.keys()].join(", ")} traffic flowed. The agent is stopped, or its packets are dropped on the VM before they reach a NIC.`,
    displayFilter: trafficFilter(facts),
  });
}

/** The agent polled regularly, paused, and went on. */
function pausedFinding(facts: Facts, thresholds: Thresholds, neededMs: number): Finding | null {
  const [polls] = agentPolls(facts, thresholds);
  if (polls === undefined || polls.pauses.length === 0) return null;
  const periodNs = regularPeriodNs(polls.timesNs, thresholds);
  if (periodNs === null) return null;
  const leastNs = Math.max(neededMs * 1e6, thresholds.agentSilentPeriods * periodNs);
  const found = new Case();
  let longestNs = 0;
  for (const { before, after } of polls.pauses) {
    const silence = longestSilence(facts, polls, before.requestedNs ?? 0, after.requestedNs ?? 0);
    if (silence.untilNs - silence.sinceNs < leastNs) continue;
    const others = othersThroughout(facts, silence);
    if (others.length === 0) continue;
    found.add(before.flow, packetsOfExchange(facts, before));
    for (const flow of others) for (const packet of firstPacket(facts.packetsOf(flow))) found.show(packet);
    for (const packet of packetsOfExchange(facts, after)) found.show(packet);
    longestNs = Math.max(longestNs, silence.untilNs - silence.sinceNs);
  }
  const times = found.count === 1 ? "" : `${found.count} times, at most `;
  return found.finding({
    summary: `The agent asked every ${duration(periodNs / 1e6)}, then for ${times}${duration(longestNs / 1e6)} nothing while other traffic flowed, and then went on.`,
    displayFilter: trafficFilter(facts),
    cause:
      "The agent was stopped and started again, or it hung: while it installs or runs an extension its loop may stand still for minutes. Or its packets were dropped on the VM before they reached a NIC.",
    remedy:
      'Read the agent\'s log of that time. Linux: "grep -A5 -B5 TIME /var/log/waagent.log; journalctl -u walinuxagent -u waagent". Windows: C:\\WindowsAzure\\Logs\\WaAppAgent.log. When it ran an extension, nothing is wrong.',
  });
}

/** A time, both ends in nanoseconds from the time base. */
interface Silence {
  readonly sinceNs: number;
  readonly untilNs: number;
}

/** The longest time between two instants in which that VM's agent neither asked nor opened or closed a connection. */
function longestSilence(facts: Facts, polls: Polls, sinceNs: number, untilNs: number): Silence {
  const heard = [sinceNs, untilNs];
  const note = (atNs: number | null): void => {
    if (atNs !== null && atNs > sinceNs && atNs < untilNs) heard.push(atNs);
  };
  for (const flow of facts.flows) {
    if (!isAgentTraffic(flow) || !isSameVm(polls, flow)) continue;
    note(flow.startedNs);
    note(flow.endedNs);
  }
  for (const exchange of facts.http) {
    if (!isAgentTraffic(exchange)) continue;
    const flow = facts.flows.at(exchange.flow);
    if (flow === undefined || isSameVm(polls, flow)) note(exchange.requestedNs);
  }
  heard.sort((a, b) => a - b);
  let longest = { sinceNs, untilNs: sinceNs };
  for (const [index, atNs] of heard.entries()) {
    const next = heard[index + 1] ?? atNs;
    if (next - atNs > longest.untilNs - longest.sinceNs) longest = { sinceNs: atNs, untilNs: next };
  }
  return longest;
}

/** The first and the last flow of other services that began meanwhile; none unless one began in each half, for else the whole VM may have stood still. */
function othersThroughout({ flows, capture }: Facts, { sinceNs, untilNs }: Silence): number[] {
  if (capture.clockJumps.some(({ fromNs, toNs }) => toNs > sinceNs && fromNs < untilNs)) return [];
  const middleNs = (sinceNs + untilNs) / 2;
  let first: number | null = null;
  let last: number | null = null;
  for (const flow of flows) {
    if (!isService(flow) || isAgentTraffic(flow) || flow.startedNs <= sinceNs || flow.startedNs >= untilNs) continue;
    if (flow.startedNs < middleNs) first ??= flow.id;
    else last = flow.id;
  }
  return first === null || last === null ? [] : [first, last];
}

function isService({ service }: FlowFact): boolean {
  return service !== "other" && service !== "icmp";
}
