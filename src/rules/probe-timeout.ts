/** The HTTP probe's request gets no answer within the interval. */
import { isOneWay } from "./claim-limits.ts";
import type { Facts } from "./facts.ts";
import { findingsBySeries } from "./probed.ts";
import type { Finding, Rule } from "./rule.ts";
import type { Thresholds } from "./thresholds.ts";

export const probeTimeout: Rule = {
  id: "probe-timeout",
  severity: "critical",
  group: "health-probes",
  title: "The application does not answer the HTTP probe in time",
  cause:
    "The connection is accepted and the application does not answer within the interval: it is overloaded, hangs, or waits for something behind it.",
  remedy:
    "Make the probed path cheap and independent of what is behind the application; look at its threads, queues and database at that time. A longer probe interval gives it more time.",
  detection:
    "A request of the probe without an answer within the probe's interval. Silent when one direction is missing from nearly all conversations.",
  confirm: "curl -m 5 -w '%{time_total}\\n' http://ADDRESS:PORT/PATH on the VM, while it happens.",
  source: "Azure Load Balancer health probes (documentation): time-out is the interval, 30 s at most",
  thresholds: ["oneWayPercent", "oneWayMinimumFlows"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return [];
    return findingsBySeries(
      facts,
      (probe) => probe.requestUnanswered && probe.outcome !== null,
      (series, _, told) => ({
        summary: `Probes without an answer in time: ${told}.`,
        remedy: `Make ${series.path ?? "the probed path"} on ${series.vmAddress}:${series.vmPort} answer within the probe's interval: keep it cheap and independent of what is behind the application.`,
      }),
    );
  },
};
