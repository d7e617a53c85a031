/** The agent's own bare DISCOVER: it found no route and no lease. */
import { Case } from "./case.ts";
import type { Facts } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, listed } from "./texts.ts";

export const agentDhcpProbe: Rule = {
  id: "agent-dhcp-probe",
  severity: "notice",
  group: "dhcp",
  title: "The agent asks DHCP itself, because it found no route and no lease",
  cause:
    "The Linux agent sends a DISCOVER of its own only when it finds neither a route to the platform address nor a lease file: the network was not up yet, or the system's DHCP client keeps its leases where the agent does not look.",
  remedy:
    'Start the agent after the network: "systemctl list-dependencies walinuxagent"; see that the primary NIC has a lease and a route: "ip route get 168.63.129.16"; update the agent.',
  detection: "A DISCOVER that holds no option but its message type.",
  confirm: 'Linux: "grep -i dhcp /var/log/waagent.log".',
  source: "WALinuxAgent common/dhcp.py and protocol/util.py",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const found = new Case();
    const clients = new Set<string>();
    for (const exchange of facts.dhcp) {
      for (const message of exchange.messages) {
        if (!message.bare || !message.fromClient || message.type !== "DISCOVER") continue;
        clients.add(exchange.clientMac);
        found.add(null, [facts.packet(message.packet)]);
      }
    }
    const finding = found.finding({
      summary: `${counted(found.count, "bare DISCOVER", "bare DISCOVER messages")} from ${listed(clients)}.`,
      displayFilter: "dhcp.option.dhcp == 1 && udp.length <= 300",
    });
    if (finding !== null) yield finding;
  },
};
