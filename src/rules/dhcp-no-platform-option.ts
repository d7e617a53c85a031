/** An OFFER or ACK of the platform without a well-formed option 245. */
import { Case } from "./case.ts";
import type { Facts } from "./facts.ts";
import { isLeaseReply, messagesByClient } from "./leases.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";

export const dhcpNoPlatformOption: Rule = {
  id: "dhcp-no-platform-option",
  severity: "warning",
  group: "dhcp",
  title: "The DHCP lease does not name the platform address",
  cause:
    "Option 245 is missing, or is not the four bytes of a host's address. Agents then fall back to 168.63.129.16, which is right in all but Classic deployments; old agents take the DNS server instead.",
  remedy:
    "Where the client does not ask for option 245, add it (dhclient.conf: option unknown-245 code 245 = string; also request unknown-245), and update the agent. Where something relays or answers DHCP in between, take it out.",
  detection:
    "An OFFER or ACK from the platform's server without option 245, or with one that is not four bytes long or holds the client's own, a loopback, multicast or broadcast address.",
  confirm: 'Linux: "grep 245 /var/lib/dhcp/*.leases /run/systemd/netif/leases/*".',
  source: "WALinuxAgent common/dhcp.py; cloud-init sources/helpers/azure.py",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    for (const [clientMac, messages] of messagesByClient(facts)) {
      const found = new Case();
      let malformed = 0;
      for (const { exchange, message } of messages) {
        if (!isLeaseReply(message) || message.cutByCapture || exchange.kind === "inform") continue;
        if (!facts.platform.addresses.includes(message.serverIdentifier ?? message.sourceAddress)) continue;
        if (message.platformAddress !== null && message.platformAddress !== "malformed") continue;
        if (message.platformAddress === "malformed") malformed++;
        found.add(null, [facts.packet(message.packet)]);
      }
      const finding = found.finding({
        summary: `${counted(found.count, "answer")} to ${clientMac} ${malformed > 0 ? "with an option 245 that holds no host's address" : "without option 245"}.`,
        displayFilter: `dhcp && dhcp.hw.mac_addr == ${clientMac} && dhcp.type == 2`,
      });
      if (finding !== null) yield finding;
    }
  },
};
