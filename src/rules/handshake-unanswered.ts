/** SYNs to a port that the platform serves, and nothing at all comes back. */
import { type Case, caseOf } from "./case.ts";
import { isOneWay, remainingMs } from "./claim-limits.ts";
import type { Facts, FlowFact, PacketFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { isSyn } from "./packet-kinds.ts";
import { allowOutbound } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, platformEndpoint } from "./texts.ts";
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
    "A TCP connection that the VM opens to port 80, 32526 or 53 of the platform: its SYN is repeated, and neither SYN-ACK, RST nor ICMP error comes back. Silent for a single SYN, when the capture ends before the repeated SYN had time for an answer, and when the capture holds one direction only. Answers that arrive and are ignored are another rule: syn-ack-ignored.",
  confirm:
    'Linux: "curl -m 5 http://168.63.129.16/?comp=versions" and "ip route get 168.63.129.16". Windows: Test-NetConnection 168.63.129.16 -Port 80.',
  source:
    "What is IP address 168.63.129.16 (Azure Virtual Network documentation): outbound ports; RFC 9293 section 3.8.1",
  thresholds: ["handshakeMinimumSyns", "handshakePatienceMs", "oneWayPercent", "oneWayMinimumFlows"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return;
    const cases = new Map<string, Case>();
    const about = new Map<string, FlowFact>();
    for (const flow of facts.notableFlows) {
      if (flow.initiator !== "vm" || flow.tcp?.outcome !== "unanswered") continue;
      if (!SERVED_PORTS.includes(flow.platformPort ?? -1)) continue;
      const decisive = nthSyn(facts.packetsOf(flow.id), thresholds.handshakeMinimumSyns);
      if (decisive === undefined || remainingMs(facts, decisive.atNs) < thresholds.handshakePatienceMs) continue;
      const key = platformEndpoint(flow);
      if (!about.has(key)) about.set(key, flow);
      caseOf(cases, key).add(flow.id, packetsThat(facts.packetsOf(flow.id), isSyn));
    }
    for (const [key, { platformPort, platformAddress }] of about) {
      const found = caseOf(cases, key);
      const finding = found.finding({
        summary: `${counted(found.count, "connection")} to ${key} sent ${counted(found.packets.size, "SYN")} and got nothing back.`,
        remedy: `${allowOutbound("tcp", platformPort ?? 0, platformAddress)} The SYNs are in the capture, so they passed the filters in front of it: look behind it too, at routes, tunnels, appliances and the NIC that they leave by.`,
        displayFilter: `${addressFilter(platformAddress)} && tcp.port == ${platformPort ?? 0} && tcp.flags.syn == 1 && tcp.flags.ack == 0`,
      });
      if (finding !== null) yield finding;
    }
  },
};

/** The SYN that makes it so many. */
function nthSyn(packets: Iterable<PacketFact>, wanted: number): PacketFact | undefined {
  let seen = 0;
  for (const packet of packetsThat(packets, isSyn)) if (++seen === wanted) return packet;
  return undefined;
}
