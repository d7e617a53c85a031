/**
 * What explains what, the only place that knows more than one rule: a fault that explains others is the only one reported for the flows
 * that it explains. A blocked port explains the retransmissions on it, a wrong NIC the blocked port.
 */

/** `rule` explains the findings of `explained` on the same flows, or, with `scope: "service"`, on any flow of the same services. */
export interface Explanation {
  readonly rule: string;
  readonly explained: readonly string[];
  readonly scope: "flows" | "service";
}

/** Faults of the way explain failed openings; failed openings explain what is missing on them. */
export const EXPLANATIONS: readonly Explanation[] = [
  {
    rule: "non-primary-nic-source",
    scope: "flows",
    explained: ["handshake-unanswered", "handshake-refused"],
  },
];
