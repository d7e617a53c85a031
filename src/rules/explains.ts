/**
 * What explains what, the only place that knows more than one rule: a fault that explains others is the only one reported for the flows
 * that it explains. A blocked port explains the retransmissions on it, a wrong NIC the blocked port.
 */

/**
 * `rule` explains the findings of `explained` on the same flows; with `scope: "service"` on any flow of the same services, with `scope:
 * "endpoint"` on any flow with the same address and port of the VM, which is what a probe asks, that was open during the finding.
 */
export interface Explanation {
  readonly rule: string;
  readonly explained: readonly string[];
  readonly scope: "flows" | "service" | "endpoint";
}

/** Faults of the way explain failed openings; failed openings explain what is missing on them. */
export const EXPLANATIONS: readonly Explanation[] = [
  {
    rule: "non-primary-nic-source",
    scope: "flows",
    explained: [
      "asymmetric-path",
      "handshake-unanswered",
      "handshake-refused",
      "handshake-rejected",
      "handshake-slow",
      "handshake-half-open",
      "connection-reset",
      "connection-stalled",
      "container-mismatch",
      "request-unanswered",
      "dns-unanswered",
      "dns-rejected",
    ],
  },
  {
    rule: "secondary-address-source",
    scope: "flows",
    explained: ["handshake-unanswered", "container-mismatch", "dns-unanswered"],
  },
  {
    rule: "asymmetric-path",
    scope: "flows",
    explained: [
      "handshake-unanswered",
      "handshake-slow",
      "handshake-half-open",
      "syn-ack-ignored",
      "connection-stalled",
      "probe-unanswered",
      "probe-timeout",
      "probe-flapping",
    ],
  },
  { rule: "container-source", scope: "flows", explained: ["handshake-unanswered"] },
  { rule: "syn-ack-ignored", scope: "flows", explained: ["handshake-half-open", "handshake-slow"] },
  { rule: "port-not-served", scope: "flows", explained: ["handshake-rejected", "handshake-refused"] },
  {
    rule: "path-mtu",
    scope: "flows",
    explained: ["connection-stalled", "connection-reset", "request-unanswered", "packet-loss"],
  },
  {
    rule: "connection-stalled",
    scope: "flows",
    explained: ["connection-reset", "request-unanswered", "packet-loss", "probe-timeout"],
  },
  { rule: "connection-reset", scope: "flows", explained: ["request-unanswered"] },
  { rule: "zero-window", scope: "flows", explained: ["connection-reset", "response-slow"] },
  { rule: "packet-loss", scope: "service", explained: ["handshake-slow", "response-slow"] },
  { rule: "dhcp-foreign-server", scope: "flows", explained: ["dhcp-refused", "dhcp-no-platform-option"] },
  {
    rule: "probe-unanswered",
    scope: "endpoint",
    explained: ["connection-stalled", "packet-loss", "probe-timeout", "connection-reset"],
  },
  { rule: "dns-rejected", scope: "flows", explained: ["dns-unanswered", "dns-slow"] },
  { rule: "dns-throttled", scope: "flows", explained: ["dns-unanswered", "dns-slow"] },
  {
    rule: "dns-tcp-blocked",
    scope: "flows",
    explained: ["handshake-unanswered", "handshake-refused", "handshake-rejected"],
  },
  { rule: "dns-conntrack-race", scope: "flows", explained: ["dns-slow", "dns-unanswered"] },
  { rule: "dns-policy-blocked", scope: "flows", explained: ["dns-nxdomain", "dns-private-zone"] },
  { rule: "dns-private-zone", scope: "flows", explained: ["dns-nxdomain"] },
];
