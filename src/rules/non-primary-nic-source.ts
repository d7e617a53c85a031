/** Platform traffic leaves by a NIC that is not the primary one. */
import { type Case, caseOf } from "./case.ts";
import type { Facts, NicFact, PlatformFacts } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { routeByPrimaryNic } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, destinationFilter, sourceFilter } from "./texts.ts";

export const nonPrimaryNicSource: Rule = {
  id: "non-primary-nic-source",
  severity: "critical",
  group: "source-and-path",
  title: "Platform traffic leaves by a secondary NIC",
  cause:
    "The VM's routing table sends traffic for the platform address out of a secondary NIC: a default route with a lower metric, policy routing, or a missing host route after a NIC was added. The platform serves the primary NIC alone.",
  remedy:
    'Route the platform address by the primary NIC. Linux: "ip route replace 168.63.129.16/32 via GATEWAY dev PRIMARY-NIC". Windows: route -p add 168.63.129.16 mask 255.255.255.255 GATEWAY if INDEX-OF-PRIMARY-NIC.',
  detection:
    "A conversation that the VM opened with the platform, DHCP aside, leaves by a NIC that is known not to be the primary one, by interface, MAC or address. The primary NIC is known from the option, the host, the DHCP lease that carries the platform route, or because it is the only one that WireServer answers; silent when nothing tells. Health probes of a secondary NIC are normal.",
  confirm:
    'Linux: "ip route get 168.63.129.16" names the device; it must be the primary NIC. Windows: Find-NetRoute -RemoteIPAddress 168.63.129.16.',
  source:
    "What is IP address 168.63.129.16 (Azure Virtual Network documentation): primary NIC; WALinuxAgent issues 512, 968, 190",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const { platform } = facts;
    const cases = new Map<NicFact, Case>();
    for (const flow of facts.notableFlows) {
      const nic = flow.nicTo === null ? undefined : platform.nics[flow.nicTo];
      if (nic?.primary !== false || nic.inner) continue;
      if (flow.initiator === "platform" || flow.service === "dhcp" || flow.service === "health-probe") continue;
      const sent = packetsThat(facts.packetsOf(flow.id), (packet) => packet.toPlatform);
      caseOf(cases, nic).add(flow.id, sent);
    }
    const primary = platform.primaryNic === null ? undefined : platform.nics[platform.primaryNic];
    for (const [nic, found] of cases) {
      const address = facts.flows.at(found.flows.ascending()[0] ?? -1)?.platformAddress ?? platform.addresses[0] ?? "";
      const name = nicName(nic) ?? "a secondary NIC";
      const mended = routeByPrimaryNic(address, primary?.interface ?? null);
      const finding = found.finding({
        summary: `${counted(found.count, "conversation")} with ${address} left by ${name}${primary === undefined ? "" : `; the primary NIC is ${nicName(primary) ?? "another"}`} (${originText(platform)}).`,
        remedy: mended,
        displayFilter: `${leavingFilter(nic)} && ${destinationFilter(address)} && !dhcp${probeAnswers(facts, nic)}`,
      });
      if (finding !== null) yield finding;
    }
  },
};

/** "eth1 (10.0.1.4, 00:0d:3a:00:00:05)" as far as it is known. */
function nicName(nic: NicFact): string | null {
  const details = [nic.addresses[0], nic.mac].filter((part) => part != null).join(", ");
  if (nic.interface === null) return details === "" ? null : `the NIC with ${details}`;
  return details === "" ? nic.interface : `${nic.interface} (${details})`;
}

function originText({ primaryNicOrigin }: PlatformFacts): string {
  switch (primaryNicOrigin) {
    case "option":
      return "by the option";
    case "host":
      return "as the host says";
    case "dhcp":
      return "its DHCP lease carries the platform route";
    case "inferred":
      return "the platform answered WireServer requests there";
    case null:
      return "origin unknown";
    default:
      return primaryNicOrigin satisfies never;
  }
}

/** By MAC where there is one, for an address may leave by another NIC than its own. */
function leavingFilter(nic: NicFact): string {
  if (nic.mac !== null) return `(eth.src == ${nic.mac} || sll.src.eth == ${nic.mac})`;
  if (nic.interface !== null) return `frame.interface_name == "${nic.interface.replaceAll(/["\\]/g, "")}"`;
  return `(${nic.addresses.map(sourceFilter).join(" || ")})`;
}

/** Answers to health probes leave by the NIC that was probed, as they should: their ports are left out of the filter. */
function probeAnswers(facts: Facts, nic: NicFact): string {
  const ports = new Set(
    facts.probes.filter((series) => nic.addresses.includes(series.vmAddress)).map((series) => series.vmPort),
  );
  return ports.size === 0 ? "" : ` && !(tcp.srcport in {${[...ports].join(", ")}})`;
}
