/** Other platform traffic flows, and the agent asks for nothing. */
import { Case } from "./case.ts";
import { isOneWay, watchedMs } from "./claim-limits.ts";
import type { Facts } from "./facts.ts";
import { firstPacket, lastPacket } from "./flow-packets.ts";
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
    'Start the agent and look at its log. Linux: "systemctl status walinuxagent waagent; tail /var/log/waagent.log; iptables -t security -S OUTPUT; ip route get 168.63.129.16". Windows: Get-Service WindowsAzureGuestAgent, RdAgent; then C:\\WindowsAzure\\Logs\\WaAppAgent.log.',
  detection:
    "At least two other kinds of platform traffic were captured over a minute or more, and not one packet to tcp/80 or tcp/32526. A drop by the VM's output rules leaves no packet, so packets cannot tell it from a stopped agent. Silent on short captures and on those that show one kind of traffic alone, for a filter would look the same.",
  confirm:
    'Linux: "curl -m 5 -H Metadata:true http://168.63.129.16/?comp=versions" as root. Windows: Test-NetConnection 168.63.129.16 -Port 80.',
  source: "WALinuxAgent defaults (common/conf.py, ga/update.py): polling every 6 s; ga/firewall_manager.py",
  thresholds: ["agentPollMs", "agentSilentPeriods", "agentSilentMs"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const durationMs = watchedMs(facts);
    const needed = Math.max(thresholds.agentSilentMs, thresholds.agentSilentPeriods * thresholds.agentPollMs);
    if (durationMs === null || durationMs < needed || isOneWay(facts, thresholds)) return;
    const others = new Map<string, number>();
    let lastFlow = -1;
    for (const flow of facts.flows) {
      if (flow.service === "wireserver" || flow.service === "hostga-plugin") return;
      if (flow.service === "other" || flow.service === "icmp") continue;
      if (!others.has(flow.service)) others.set(flow.service, flow.id);
      lastFlow = flow.id;
    }
    const enough = facts.capture.live ? 1 : MINIMUM_OTHER_SERVICES;
    if (others.size < enough) return;
    const found = new Case();
    for (const flow of others.values()) found.add(flow, firstPacket(facts.packetsOf(flow)));
    found.add(lastFlow, lastPacket(facts.packetsOf(lastFlow)));
    found.count = 1;
    const finding = found.finding({
      summary: `In ${duration(durationMs)} not one packet to tcp/80 or tcp/32526, while ${[...others.keys()].join(", ")} traffic flowed. The agent is stopped, or its packets are dropped on the VM before they reach a NIC.`,
      displayFilter: trafficFilter(facts),
    });
    if (finding !== null) yield finding;
  },
};
