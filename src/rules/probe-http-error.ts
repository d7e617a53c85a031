/** An HTTP probe gets another status than 200. */
import type { Facts } from "./facts.ts";
import { findingsBySeries } from "./probed.ts";
import type { Finding, Rule } from "./rule.ts";
import { listed } from "./texts.ts";

export const probeHttpError: Rule = {
  id: "probe-http-error",
  severity: "critical",
  group: "health-probes",
  title: "The load balancer's HTTP probe gets another status than 200",
  cause:
    "Only 200 counts as up: a redirect to HTTPS, a login, a missing path or an error of the application takes the backend out.",
  remedy:
    "Probe a path that answers 200 without login and redirect. On AKS, 503 from a healthCheckNodePort is by design on nodes without a pod of the service (externalTrafficPolicy: Local).",
  detection: "The answer to the probe's request has a status other than 200.",
  confirm: "From the VM: curl -v http://ADDRESS:PORT/PATH with the NIC's own address.",
  source: "Azure Load Balancer health probes (documentation); kubernetes issues 56898 and 76657",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    return findingsBySeries(
      facts,
      (probe) => probe.outcome === "http-error",
      (series, group, told) => {
        const statuses = listed(group.map((probe) => probe.status));
        return {
          summary: `Probes answered with ${statuses} instead of 200: ${told}.`,
          remedy: `Make ${series.path ?? "the probed path"} on ${series.vmAddress}:${series.vmPort} answer 200 without login or redirect, or probe another path. On AKS, 503 from a healthCheckNodePort is by design on nodes without a pod of the service (externalTrafficPolicy: Local).`,
        };
      },
    );
  },
};
