/** Platform traffic from an address of the primary NIC that is not its primary one. */
import { type Case, caseOf } from "./case.ts";
import type { Facts, NicFact } from "./facts.ts";
import { firstPacket } from "./flow-packets.ts";
import { nameInCommand } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, destinationFilter, sourceFilter } from "./texts.ts";

export const secondaryAddressSource: Rule = {
  id: "secondary-address-source",
  severity: "warning",
  group: "source-and-path",
  title: "Platform traffic leaves from a secondary address",
  cause:
    "The system picked a secondary IP configuration of the primary NIC as the source address. The platform answers the primary address of the primary NIC alone; HostGAPlugin refuses others with 400.",
  remedy:
    'Make the primary address the preferred source. Linux: "ip route replace 168.63.129.16/32 via GATEWAY dev NIC src PRIMARY-ADDRESS". Windows: Set-NetIPAddress -IPAddress SECONDARY-ADDRESS -SkipAsSource $true.',
  detection:
    "A packet to the platform leaves by the primary NIC with a source address that is not the one of its DHCP lease (or of the host, in a live session). Silent when nothing tells which address is the primary one, about addresses that DHCP gave to the NIC before, and about those of containers. A secondary NIC is another rule: non-primary-nic-source.",
  confirm:
    'Linux: "ip route get 168.63.129.16" shows the source address. Windows: Find-NetRoute -RemoteIPAddress 168.63.129.16.',
  source:
    "What is IP address 168.63.129.16 (Azure Virtual Network documentation): primary IP configuration of the primary NIC",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const primary = facts.platform.nics.find((nic) => nic.primary === true);
    if (primary?.primaryAddress == null) return;
    const cases = new Map<string, Case>();
    const given = givenTo(primary, facts);
    // A pod with an address of the virtual network, which leaves without translation: its bridge or veth shows whose it is.
    const inner = new Set(facts.platform.nics.flatMap((nic) => (nic.inner ? nic.addresses : [])));
    for (const flow of facts.notableFlows) {
      if (flow.initiator !== "vm" || flow.service === "dhcp" || flow.nicTo !== primary.index) continue;
      if (!isSecondary(flow.vmAddress, primary) || given.addresses.has(flow.vmAddress) || inner.has(flow.vmAddress))
        continue;
      if (flow.startedNs < given.sinceNs) continue;
      const sent = firstPacket(facts.packetsOf(flow.id), (packet) => packet.toPlatform);
      caseOf(cases, flow.vmAddress).add(flow.id, sent);
    }
    for (const [address, found] of cases) {
      const platform = facts.platform.addresses[0] ?? "";
      const finding = found.finding({
        summary: `${address} is a secondary address of ${primary.interface ?? primary.mac ?? "the primary NIC"}, whose primary one is ${primary.primaryAddress}; ${counted(found.count, "conversation")} with the platform left from it.`,
        remedy: `Make ${primary.primaryAddress} the source of traffic to ${platform}. Linux: "ip route replace ${platform}/32 via GATEWAY dev ${nameInCommand(primary.interface, "NIC")} src ${primary.primaryAddress}". Windows: Set-NetIPAddress -IPAddress ${address} -SkipAsSource $true.`,
        displayFilter: `${sourceFilter(address)} && ${destinationFilter(platform)}`,
      });
      if (finding !== null) yield finding;
    }
  },
};

/** What DHCP gave to a NIC while the capture ran. */
interface GivenAddresses {
  /** Each was the primary one in its time. */
  readonly addresses: ReadonlySet<string>;
  /** Since when the present primary address is known to be that: before, nothing tells which one was. */
  readonly sinceNs: number;
}

function givenTo(nic: NicFact, facts: Facts): GivenAddresses {
  const addresses = new Set<string>();
  let sinceNs = Number.NEGATIVE_INFINITY;
  for (const { nic: index, kind, messages } of facts.dhcp) {
    if (index !== nic.index) continue;
    for (const { type, offeredAddress, atNs } of messages) {
      if (type !== "ACK" || offeredAddress === null) continue;
      const isNew = kind === "acquire" && offeredAddress === nic.primaryAddress && !addresses.has(offeredAddress);
      if (isNew && !isUsedBefore(offeredAddress, atNs, facts)) sinceNs = atNs;
      addresses.add(offeredAddress);
    }
  }
  return { addresses, sinceNs };
}

function isUsedBefore(address: string, atNs: number, facts: Facts): boolean {
  for (const flow of facts.flows) {
    if (flow.startedNs >= atNs) return false;
    if (flow.vmAddress === address && flow.service !== "dhcp") return true;
  }
  return false;
}

/** True for an address of the primary one's family that the NIC holds beside it; a link-local or unset address is neither. */
function isSecondary(address: string, nic: NicFact): boolean {
  return (
    address !== nic.primaryAddress &&
    isIpv6(address) === isIpv6(nic.primaryAddress ?? "") &&
    nic.addresses.includes(address) &&
    address !== "0.0.0.0" &&
    !address.startsWith("fe80:") &&
    !address.startsWith("169.254.")
  );
}

function isIpv6(address: string): boolean {
  return address.includes(":");
}
