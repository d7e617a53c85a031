/** What it is not: each sentence stands on a test that passed, or on packets. */
import type { CheckVerdict } from "../report/check-report.ts";
import { type Evidence, wasWatched } from "./diagnosis.ts";
import { attemptsOf, sightingOf } from "./wire.ts";

/** Tests whose passing rules a cause out. */
const PASSED = ["interfaces", "address", "route", "firewall", "proxy"] as const;

/** The sentences, in the order of the tests. */
export function ruledOut(evidence: Evidence, verdict: CheckVerdict): string[] {
  const { done } = evidence;
  const sentences = PASSED.flatMap((id) => {
    const test = done[id];
    return test?.result === "passed" ? [test.summary] : [];
  });
  const left = ["tcp-80", "tcp-32526"].some((id) => {
    const attempts = attemptsOf(id === "tcp-80" ? "tcp-80" : "tcp-32526", done);
    const sighting = sightingOf(evidence.report, attempts, wasWatched(evidence));
    return sighting !== null && sighting !== "never-left";
  });
  if (left && (verdict === "refused" || verdict === "unanswered")) {
    sentences.push("The packets left the VM, so nothing on it stopped them.");
  }
  if (done["dns-udp"]?.result === "passed" && verdict !== "degraded") {
    sentences.push("The platform's DNS answers, so NIC, address and route are right.");
  }
  return sentences;
}
