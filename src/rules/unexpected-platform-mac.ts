/** A packet from the platform address whose link-layer sender is not the platform's. */
import { VIRTUAL_GATEWAY_MAC } from "../service/platform.ts";
import { Case } from "./case.ts";
import type { Facts } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, sourceFilter } from "./texts.ts";

export const unexpectedPlatformMac: Rule = {
  id: "unexpected-platform-mac",
  severity: "warning",
  group: "source-and-path",
  title: "Packets from the platform address come from another MAC",
  cause:
    "Something else than the virtual network's gateway sent them: a network appliance or VPN in the path, a proxy on the VM's own bridge, or a spoofed source address.",
  remedy:
    "Find the device with this MAC (a bridge, a VPN or container interface of the VM, or an appliance in the subnet) and take it out of the path to the platform address.",
  detection:
    "On one NIC, packets from the platform address have more than one source MAC, or one that ARP and DHCP on that NIC do not show as the gateway's. The gateway's own is 12:34:56:78:9a:bc; where it is not seen, the MAC of most packets counts as right. Bridges and container interfaces are left out.",
  confirm: 'Linux: "ip neigh; bridge fdb". Windows: "arp -a". Compare with the gateway of the NIC.',
  source: "Packet traces of Azure VMs (cilium issue 25242); azure-container-networking virtualMacAddress",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const { sourceMacs, nics, gatewayMacs } = facts.platform;
    const platform = facts.platform.addresses[0] ?? "";
    for (const seen of sourceMacs) {
      if (seen.nic !== null && nics[seen.nic]?.inner === true) continue;
      const here = sourceMacs.filter((other) => other.nic === seen.nic);
      const right =
        here.find((other) => other.mac === VIRTUAL_GATEWAY_MAC) ??
        here.find((other) => gatewayMacs.includes(other.mac)) ??
        here.reduce((most, other) => (other.packets > most.packets ? other : most), seen);
      if (right.mac === seen.mac) continue;
      const found = new Case();
      for (const index of seen.evidence) found.show(facts.packet(index));
      for (const flow of seen.flows) found.flows.add(flow);
      found.count = seen.packets;
      const finding = found.finding({
        summary: `${counted(seen.packets, "packet")} from the platform came from ${seen.mac}; the other ${right.packets} from ${right.mac}.`,
        displayFilter: `eth.src == ${seen.mac} || sll.src.eth == ${seen.mac}`,
      });
      if (finding !== null)
        yield { ...finding, displayFilter: `(${finding.displayFilter}) && (${platformSources(facts, platform)})` };
    }
  },
};

/** Any platform address as the source; DHCP servers answer from theirs. */
function platformSources(facts: Facts, fallback: string): string {
  const addresses = facts.platform.addresses.length > 0 ? facts.platform.addresses : [fallback];
  return addresses.map(sourceFilter).join(" || ");
}
