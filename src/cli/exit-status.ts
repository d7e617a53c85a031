/** Exit statuses, the same for every command and format. */
import type { Anomaly, Severity } from "../report/report.ts";

export const ExitStatus = {
  /** Nothing at or above the level of `--fail-on`. */
  ok: 0,
  /** At least one anomaly at or above that level. */
  anomalies: 1,
  /** The command line or the input was unusable: nothing was analysed. */
  unusable: 2,
  /** The input was analysed up to a fault in it. */
  faultyInput: 3,
} as const;
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/** From which severity on an anomaly makes the exit status 1. */
export const FAIL_LEVELS = ["critical", "warning", "notice", "never"] as const;
export type FailLevel = (typeof FAIL_LEVELS)[number];

const SEVERITIES: readonly Severity[] = ["critical", "warning", "notice"];

/** The status of a finished analysis. A fault of the input weighs more than what was found before it. */
export function statusOf(anomalies: readonly Anomaly[], faultyInput: boolean, failOn: FailLevel): ExitStatus {
  if (faultyInput) return ExitStatus.faultyInput;
  return anomalies.some(({ severity }) => isAtLeast(severity, failOn)) ? ExitStatus.anomalies : ExitStatus.ok;
}

/** The severity counts at this level of `--fail-on`. */
export function isAtLeast(severity: Severity, failOn: FailLevel): boolean {
  return failOn !== "never" && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn);
}
