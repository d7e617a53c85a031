/** A container asks the platform's agent endpoints. */
import { type Case, caseOf } from "./case.ts";
import { isAgentTraffic } from "./exchanges.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { firstPacket } from "./flow-packets.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, destinationFilter, sourceFilter } from "./texts.ts";

export const containerSource: Rule = {
  id: "container-source",
  severity: "notice",
  group: "source-and-path",
  title: "A container asks WireServer or HostGAPlugin",
  cause:
    "A container or pod reaches the agent's endpoints through the VM. Goal states hold the VM's configuration and keys; the agent's firewall rules do not stop forwarded traffic.",
  remedy:
    'If it is not meant: block it for containers. Linux: "iptables -I FORWARD -d 168.63.129.16 -p tcp -m multiport --dports 80,32526 -j DROP". On AKS this rule is there by design; give the pod workload identity or hostNetwork if it must.',
  detection:
    "A flow to tcp/80 or tcp/32526 comes in on a bridge or veth of the VM, or is the inner twin of a translated flow (same ports and sequence number, another address).",
  confirm: 'Linux: "conntrack -L -d 168.63.129.16" and "iptables -S FORWARD".',
  source: "AgentBaker block_wireserver script; What is IP address 168.63.129.16 (documentation)",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const originals = new Set(facts.translatedFlows.map((pair) => pair.original));
    const showsOutside = facts.platform.nics.some(({ inner }) => !inner);
    const stopped = new Map<string, number>();
    const cases = new Map<string, { found: Case; flow: FlowFact }>();
    const found = new Map<string, Case>();
    for (const flow of facts.notableFlows) {
      if (!isAgentTraffic(flow)) continue;
      const inner = flow.nicTo !== null && facts.platform.nics[flow.nicTo]?.inner === true;
      if (!inner && !originals.has(flow.id)) continue;
      const opening = firstPacket(facts.packetsOf(flow.id), (packet) => packet.toPlatform);
      const entry = caseOf(found, flow.vmAddress);
      entry.add(flow.id, opening);
      if (showsOutside && !originals.has(flow.id) && flow.tcp?.outcome === "unanswered")
        stopped.set(flow.vmAddress, (stopped.get(flow.vmAddress) ?? 0) + 1);
      if (!cases.has(flow.vmAddress)) cases.set(flow.vmAddress, { found: entry, flow });
    }
    for (const [address, { found: entry, flow }] of cases) {
      const notForwarded = stopped.get(address) ?? 0;
      const finding = entry.finding({
        summary: `${address} is not an address of the VM's NICs: ${counted(entry.count, "connection")} from a container to ${flow.platformAddress}${notForwarded === 0 ? "" : `, of which ${notForwarded} did not leave the VM: its FORWARD rules drop them`}.`,
        displayFilter: `${sourceFilter(address)} && ${destinationFilter(flow.platformAddress)} && tcp.port in {80, 32526}`,
      });
      if (finding !== null) yield finding;
    }
  },
};
