import { expect, test } from "vitest";
import { ExitStatus, statusOf } from "../../src/cli/exit-status.ts";
import type { Severity } from "../../src/report/report.ts";
import { reportOf } from "../support/report.ts";

function anomaliesOf(...severities: Severity[]) {
  return severities.flatMap((severity) => reportOf().anomalies.map((one) => ({ ...one, severity })));
}

test("nothing wrong is 0", () => {
  expect(statusOf([], false, "warning")).toBe(ExitStatus.ok);
});

test("a notice alone is 0, a warning is 1", () => {
  expect(statusOf(anomaliesOf("notice"), false, "warning")).toBe(ExitStatus.ok);
  expect(statusOf(anomaliesOf("notice", "warning"), false, "warning")).toBe(ExitStatus.anomalies);
});

test("the level moves what counts", () => {
  expect(statusOf(anomaliesOf("warning"), false, "critical")).toBe(ExitStatus.ok);
  expect(statusOf(anomaliesOf("notice"), false, "notice")).toBe(ExitStatus.anomalies);
  expect(statusOf(anomaliesOf("critical"), false, "never")).toBe(ExitStatus.ok);
});

test("a fault in the input is 3, whatever was found before it", () => {
  expect(statusOf(anomaliesOf("critical"), true, "never")).toBe(ExitStatus.faultyInput);
});
