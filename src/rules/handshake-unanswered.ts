/** SYNs to a port that the platform serves, and nothing at all comes back. */
import { type Case, caseOf } from "./case.ts";
import { isOneWay, remainingMs } from "./claim-limits.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { isSyn } from "./packet-kinds.ts";
import { allowOutbound } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, listed, platformEndpoint } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

/** The ports that the platform serves on TCP; silence on another one says nothing. */
const SERVED_PORTS: readonly number[] = [80, 32526, 53];

export const handshakeUnanswered: Rule = {
  id: "handshake-unanswered",
  severity: "critical",
  group: "connections",
  title: "Connection attempts get no answer",
  cause:
    "Something drops the packets after they were captured: a filter or route behind the place of capture, an appliance or tunnel in the path, or the wrong NIC. Packets alone cannot tell these from a platform that does not answer.",
  remedy:
    "Allow outbound tcp/80, tcp/32526 and tcp/53 to 168.63.129.16 wherever a filter or a route stands in the way: the VM's firewall and VPN first, then appliances and forced tunnelling.",
  detection:
    "TCP connections that the VM opens to port 80, 32526 or 53 of the platform: the SYN is repeated, by one connection or by one after the other, and neither SYN-ACK, RST nor ICMP error comes back. Silent for a single SYN, for SYNs between which a connection came to be, when the capture ends before the repeated SYN had time for an answer, and when the capture holds one direction only. Answers that arrive and are ignored are another rule: syn-ack-ignored.",
  confirm:
    'Linux: "curl -m 5 http://168.63.129.16/?comp=versions" and "ip route get 168.63.129.16". Windows: Test-NetConnection 168.63.129.16 -Port 80.',
  source:
    "What is IP address 168.63.129.16 (Azure Virtual Network documentation): outbound ports; RFC 9293 section 3.8.1",
  thresholds: ["handshakeMinimumSyns", "handshakePatienceMs", "oneWayPercent", "oneWayMinimumFlows"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return;
    const cases = new Map<string, Case>();
    const about = new Map<string, FlowFact>();
    const clients = new Map<string, Set<string>>();
    const severalVms = facts.platform.nics.filter(({ inner }) => !inner).length > 1;
    const repeated = flowsThatRepeat(facts, thresholds);
    for (const flow of facts.notableFlows) {
      if (!repeated.has(flow.id)) continue;
      const key = platformEndpoint(flow);
      if (!about.has(key)) about.set(key, flow);
      clients.set(key, (clients.get(key) ?? new Set()).add(flow.vmAddress));
      caseOf(cases, key).add(flow.id, packetsThat(facts.packetsOf(flow.id), isSyn));
    }
    for (const [key, { platformPort, platformAddress }] of about) {
      const found = caseOf(cases, key);
      const finding = found.finding({
        summary: `${counted(found.count, "connection")}${severalVms ? ` from ${listed(clients.get(key) ?? [])}` : ""} to ${key} sent ${counted(found.packets.size, "SYN")} and got nothing back.`,
        remedy: `The SYNs are in the capture, so they passed the filters in front of it: look behind it first, at the NIC that they leave by, routes, tunnels and appliances. ${allowOutbound("tcp", platformPort ?? 0, platformAddress)}`,
        displayFilter: `${addressFilter(platformAddress)} && tcp.port == ${platformPort ?? 0} && tcp.flags.syn == 1 && tcp.flags.ack == 0`,
      });
      if (finding !== null) yield finding;
    }
  },
};

/** Attempts of one VM address on one endpoint that follow each other, each given up after too few SYNs to tell anything alone. */
interface Run {
  flows: number[];
  syns: number;
}

/** Unanswered connections whose SYN is repeated: by themselves, or by the next attempts, as of a program that gives up within a second. */
function flowsThatRepeat(facts: Facts, thresholds: Thresholds): ReadonlySet<number> {
  const repeated = new Set<number>();
  // SYNs of each unanswered flow that had time for an answer.
  const syns = new Map<number, number>();
  let someAreFew = false;
  for (const flow of facts.notableFlows) {
    if (flow.initiator !== "vm" || flow.tcp?.outcome !== "unanswered") continue;
    if (!SERVED_PORTS.includes(flow.platformPort ?? -1)) continue;
    const count = patientSyns(facts, flow.id, thresholds);
    if (count >= thresholds.handshakeMinimumSyns) repeated.add(flow.id);
    else if (count > 0) someAreFew = true;
    syns.set(flow.id, count);
  }
  if (!someAreFew) return repeated;
  const runs = new Map<string, Run>();
  for (const flow of facts.flows) {
    const count = syns.get(flow.id);
    if (count === 0 || (count === undefined && flow.tcp === null)) continue;
    const key = `${flow.vmAddress} ${platformEndpoint(flow)}`;
    if (count === undefined) {
      if (flow.tcp?.outcome !== "unanswered") runs.delete(key);
      continue;
    }
    const run = runs.get(key) ?? { flows: [], syns: 0 };
    runs.set(key, run);
    run.flows.push(flow.id);
    run.syns += count;
    if (run.syns < thresholds.handshakeMinimumSyns) continue;
    for (const id of run.flows) repeated.add(id);
    run.flows = [];
  }
  return repeated;
}

/** The flow's SYNs that had time for an answer; no more than make the minimum are counted. */
function patientSyns(facts: Facts, flow: number, thresholds: Thresholds): number {
  let seen = 0;
  for (const packet of packetsThat(facts.packetsOf(flow), isSyn)) {
    if (remainingMs(facts, packet.atNs) < thresholds.handshakePatienceMs) break;
    if (++seen === thresholds.handshakeMinimumSyns) break;
  }
  return seen;
}
