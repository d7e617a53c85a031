/** The VM does not answer the probe's SYN. */
import { isOneWay } from "./claim-limits.ts";
import type { Facts, ProbeFact } from "./facts.ts";
import { isSynAck } from "./packet-kinds.ts";
import { findingsBySeries } from "./probed.ts";
import { allowProbe } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import type { Thresholds } from "./thresholds.ts";

/** The capture shows the VM's answer: what drops it comes after. */
const ANSWER_LOST = {
  title: "The VM's answer to the load balancer's probe is lost",
  cause:
    "The VM answers, and the probe asks again: the SYN-ACK is dropped after it was captured. It leaves by the wrong NIC or with the wrong source address, or an output rule of the VM or something behind the place of capture drops it. The load balancer sends no new connections here.",
  remedy:
    'Let the answer out by the NIC that was asked. Linux: "ip route get 168.63.129.16 from ADDRESS" must name that NIC (policy routing for each NIC), and "iptables -S OUTPUT; iptables -t security -S; nft list ruleset" no rule that drops it. Windows: look with "netsh wfp show netevents" for a filter that drops it.',
} as const;

export const probeUnanswered: Rule = {
  id: "probe-unanswered",
  severity: "critical",
  group: "health-probes",
  title: "The VM does not answer the load balancer's probe",
  cause:
    "The probe reaches the VM and no answer leaves it by this NIC: the VM's firewall drops it, or the answer leaves by another NIC where it is dropped. The load balancer sends no new connections here.",
  remedy:
    "Let the probe in from 168.63.129.16 (over IPv6 from fe80::1234:5678:9abc), and answer by the NIC that was asked.",
  detection:
    "The probe's SYN, with its repetitions, has no SYN-ACK and no RST within the probe's interval; or the VM's SYN-ACK is never acknowledged and the probe sends its SYN again. Silent when one direction is missing from nearly all conversations.",
  confirm:
    'Linux: "iptables -S INPUT; nft list ruleset; ip route get 168.63.129.16 from ADDRESS". Windows: Get-NetFirewallRule -Direction Inbound -Action Block -Enabled True.',
  source: "Azure Load Balancer health probes (documentation); cilium issue 25242; WALinuxAgent issues 879 and 1905",
  thresholds: ["oneWayPercent", "oneWayMinimumFlows"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return [];
    return findingsBySeries(
      facts,
      (probe) => probe.outcome === "unanswered" && !probe.requestUnanswered,
      ({ vmAddress, vmPort, platformAddress }, group, told) =>
        group.every((probe) => isAnswered(facts, probe))
          ? { summary: `The VM's SYN-ACK did not reach the probe: ${told}.`, ...ANSWER_LOST }
          : { summary: `Probes not answered: ${told}.`, remedy: allowProbe(vmPort, vmAddress, platformAddress) },
      "tcp.flags.syn == 1",
    );
  },
};

/** A SYN-ACK is among the packets that show the probe. */
function isAnswered(facts: Facts, { packets }: ProbeFact): boolean {
  return packets.some((index) => {
    const packet = facts.packet(index);
    return packet.toPlatform && isSynAck(packet);
  });
}
