/** What the outcomes of health probes mean. */
import type { ProbeOutcome, ProbeSeries } from "../report/report.ts";

/** The load balancer counts the endpoint as up: a TCP probe has succeeded with the handshake, also when the VM resets it then. */
export function isUp(kind: ProbeSeries["kind"], outcome: ProbeOutcome): boolean {
  return outcome === "succeeded" || (outcome === "reset" && kind === "tcp");
}
