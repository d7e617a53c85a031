/** The two directions of one conversation use different NICs. */
import { type Case, caseOf } from "./case.ts";
import type { Facts, FlowFact, NicFact } from "./facts.ts";
import { firstPacket } from "./flow-packets.ts";
import { nameInCommand } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, endpoint } from "./texts.ts";

export const asymmetricPath: Rule = {
  id: "asymmetric-path",
  severity: "critical",
  group: "source-and-path",
  title: "A conversation comes in by one NIC and goes out by another",
  cause:
    "The VM answers by its routing table and not by the NIC that was asked: a route to the platform address points to one NIC only. The platform drops what leaves by the wrong NIC.",
  remedy:
    "Give each NIC a routing table of its own. Linux: ip rule add from ADDRESS-OF-NIC table N; ip route add default via GATEWAY-OF-NIC dev NIC table N. Windows: a route to 168.63.129.16 for each probed NIC, with the weak host model off.",
  detection:
    "Both directions of one flow were captured, each on another NIC. Flows whose packets were captured twice (bridges, accelerated networking) are left out: there the first copy does not tell the way.",
  confirm:
    'Linux: "ip rule; ip route show table all; ip route get 168.63.129.16 from ADDRESS". Windows: "route print".',
  source: "Azure Load Balancer health probes (documentation); WALinuxAgent issue 1905",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const cases = new Map<string, { found: Case; flow: FlowFact; to: NicFact; from: NicFact }>();
    for (const flow of facts.notableFlows) {
      if (flow.service === "dhcp" || flow.duplicatePackets > 0) continue;
      const to = nicAt(facts, flow.nicTo);
      const from = nicAt(facts, flow.nicFrom);
      if (to === null || from === null || to === from || to.inner || from.inner) continue;
      const key = `${flow.service} ${flow.vmAddress} ${to.index} ${from.index}`;
      const entry = cases.get(key) ?? { found: caseOf(new Map(), 0), flow, to, from };
      cases.set(key, entry);
      const firstOf = (toPlatform: boolean) =>
        firstPacket(facts.packetsOf(flow.id), (packet) => packet.toPlatform === toPlatform);
      entry.found.add(flow.id, [...firstOf(true), ...firstOf(false)]);
    }
    for (const { found, flow, to, from } of cases.values()) {
      const finding = found.finding({
        summary: `${counted(found.count, "conversation")} of ${endpoint(flow.vmAddress, flow.initiator === "platform" ? flow.vmPort : null)} with ${flow.platformAddress}: the platform's packets come in by ${nameOf(from)}, the VM's go out by ${nameOf(to)}.`,
        remedy: `Let ${nameOf(from)} answer what it is asked. Linux: "ip rule add from ${flow.vmAddress} table 200" and "ip route add default via GATEWAY-OF-${nameInCommand(from.interface, "THAT-NIC")} dev ${nameInCommand(from.interface, "THAT-NIC")} table 200". Windows: route -p add ${flow.platformAddress} mask 255.255.255.255 GATEWAY if INDEX-OF-THAT-NIC.`,
        displayFilter: `${addressFilter(flow.platformAddress)} && ${addressFilter(flow.vmAddress)}`,
      });
      if (finding !== null) yield finding;
    }
  },
};

function nicAt(facts: Facts, index: number | null): NicFact | null {
  return index === null ? null : (facts.platform.nics[index] ?? null);
}

function nameOf(nic: NicFact): string {
  return nic.interface ?? nic.mac ?? `NIC ${nic.index}`;
}
