/** The VM resets an accepted probe before the probe closes it. */
import type { Facts } from "./facts.ts";
import { findingsBySeries } from "./probed.ts";
import type { Finding, Rule } from "./rule.ts";

/** A probe that asks for something has not succeeded with the handshake. */
const RESET_BEFORE_ANSWER = {
  cause:
    "The application or a proxy in front of it took the connection and reset it instead of answering 200: it crashes on the request, is full, or does not speak HTTP on this port. This probe needs 200, so the load balancer takes the backend out.",
  remedy:
    "Ask the probe's path by hand on the VM (curl -v) and read the application's log at these times; see that the port speaks the probe's protocol.",
} as const;

export const probeReset: Rule = {
  id: "probe-reset",
  severity: "warning",
  group: "health-probes",
  title: "The VM resets the probe's connection",
  cause:
    "The application or a proxy in front of it closes idle connections sooner than the probe does, crashes on an empty connection, or is full. The handshake counts as success, so the backend may stay in; the application logs are full of noise.",
  remedy:
    "Let the application keep an idle connection longer than the probe's interval (5 s by default), or use an HTTP probe.",
  detection: "After the handshake the VM sends RST before the probe's FIN.",
  confirm: "The application's log at the time of the probes.",
  source: "azure-docs issue 34281; Azure Load Balancer health probes (documentation)",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    return findingsBySeries(
      facts,
      (probe) => probe.outcome === "reset",
      ({ kind }, _, told) => ({
        summary: `Probes reset after they were accepted: ${told}.`,
        ...(kind === "tcp" ? {} : RESET_BEFORE_ANSWER),
      }),
      "tcp.flags.reset == 1",
    );
  },
};
