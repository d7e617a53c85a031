/** The VM does not answer the probe's SYN. */
import { isOneWay } from "./claim-limits.ts";
import type { Facts } from "./facts.ts";
import { findingsBySeries } from "./probed.ts";
import { allowProbe } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import type { Thresholds } from "./thresholds.ts";

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
      ({ vmAddress, vmPort, platformAddress }, _, told) => ({
        summary: `Probes not answered: ${told}.`,
        remedy: allowProbe(vmPort, vmAddress, platformAddress),
      }),
      "tcp.flags.syn == 1",
    );
  },
};
