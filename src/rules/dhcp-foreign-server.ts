/** An OFFER or ACK from another server than the platform's. */
import { Case } from "./case.ts";
import type { DhcpMessageFact, Facts } from "./facts.ts";
import { isLeaseReply, messagesByClient } from "./leases.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, listed } from "./texts.ts";

export const dhcpForeignServer: Rule = {
  id: "dhcp-foreign-server",
  severity: "critical",
  group: "dhcp",
  title: "Another DHCP server answers",
  cause:
    "Somebody else gives out addresses: a DHCP service on the VM's own bridge or on another machine, a nested hypervisor, or a capture that was not taken in Azure. A VM that takes such a lease loses its platform route.",
  remedy:
    "Turn that DHCP server off, or keep it off the VM's NICs: look for dnsmasq, dhcpd or Internet Connection Sharing on the machine with the MAC that is named here.",
  detection:
    "An OFFER or ACK whose server identifier is not the platform's and that does not name a platform address in option 245. Answers on a bridge or veth, to containers and nested machines, are left out. In Classic deployments the platform's server has a private address, but its answers carry option 245.",
  confirm:
    'Linux: "nmap --script broadcast-dhcp-discover" (in a lab), "ss -ulpn sport = :67". Windows: Get-Service DHCPServer, SharedAccess.',
  source: "azure-docs issue 120330; WALinuxAgent test data dhcp.leases",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const servers = new Map<string, { found: Case; macs: Set<string>; clients: Set<string> }>();
    for (const [clientMac, messages] of messagesByClient(facts)) {
      for (const { message } of messages) {
        if (!isLeaseReply(message) || message.cutByCapture || isPlatforms(message, facts)) continue;
        const server = message.serverIdentifier ?? message.sourceAddress;
        const entry = servers.get(server) ?? { found: new Case(), macs: new Set<string>(), clients: new Set<string>() };
        servers.set(server, entry);
        if (message.sourceMac !== null) entry.macs.add(message.sourceMac);
        entry.clients.add(clientMac);
        entry.found.add(null, [facts.packet(message.packet)]);
      }
    }
    for (const [server, { found, macs, clients }] of servers) {
      const finding = found.finding({
        summary: `${counted(found.count, "answer")} to ${listed(clients)} from DHCP server ${server}${macs.size === 0 ? "" : ` (${listed(macs)})`}, which is not the platform's.`,
        displayFilter: `dhcp && dhcp.type == 2 && (dhcp.option.dhcp_server_id == ${server} || ip.src == ${server})`,
      });
      if (finding !== null) yield finding;
    }
  },
};

function isPlatforms(message: DhcpMessageFact, facts: Facts): boolean {
  const { addresses } = facts.platform;
  const server = message.serverIdentifier ?? message.sourceAddress;
  return (
    addresses.includes(server) || (message.platformAddress !== null && addresses.includes(message.platformAddress))
  );
}
