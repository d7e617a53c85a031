/** The VM answers the probe's SYN with RST. */
import type { Facts } from "./facts.ts";
import { findingsBySeries } from "./probed.ts";
import type { Finding, Rule } from "./rule.ts";

export const probeRefused: Rule = {
  id: "probe-refused",
  severity: "critical",
  group: "health-probes",
  title: "The VM refuses the load balancer's probe",
  cause:
    "Nothing listens on the probed port of the probed address: the service is down, listens on another port, or is bound to loopback or to the load balancer's address alone. The load balancer sends no new connections here.",
  remedy: "Start the service, or bind it to the NIC's own address: probes go to that address even with floating IP.",
  detection: "The probe's SYN is answered with RST.",
  confirm: 'Linux: "ss -ltnp". Windows: Get-NetTCPConnection -State Listen.',
  source: "Azure Load Balancer health probes (documentation); azure-docs issues 3952 and 62920",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    return findingsBySeries(
      facts,
      (probe) => probe.outcome === "refused",
      ({ vmAddress, vmPort }, _, told) => ({
        summary: `Probes refused with RST: ${told}.`,
        remedy: `Start the service that listens on tcp/${vmPort}, and bind it to ${vmAddress} or to all addresses (Linux "ss -ltnp sport = :${vmPort}", Windows Get-NetTCPConnection -LocalPort ${vmPort}).`,
      }),
    );
  },
};
