import { describe, expect, test } from "vitest";
import { compareReports } from "../../src/report/compare-reports.ts";
import { NotAReport, readReport } from "../../src/report/read-report.ts";
import type { Anomaly, Report, ServiceSummary } from "../../src/report/report.ts";
import type { ReportDiff } from "../../src/report/report-diff.ts";
import { reportOf } from "../support/report.ts";

function diffOf(before: Report, after: Report): ReportDiff {
  return compareReports(["before.json", before], ["after.json", after]);
}

function withDns(over: Partial<ServiceSummary>): Report {
  const services = reportOf().services.map((one) => (one.service === "dns" ? { ...one, ...over } : one));
  return reportOf({ services });
}

function withAnomaly(over: Partial<Anomaly>): Report {
  return reportOf({ anomalies: reportOf().anomalies.map((one) => ({ ...one, ...over })) });
}

describe("a comparison", () => {
  test("of a report with itself says that nothing changed", () => {
    const diff = diffOf(reportOf(), reportOf());
    expect(diff.change).toBe("same");
    expect([...diff.services, ...diff.anomalies].filter((one) => one.change !== "same")).toEqual([]);
  });

  test.each([
    ["healthy", "degraded", "worse"],
    ["degraded", "failing", "worse"],
    ["failing", "healthy", "better"],
    ["not-seen", "failing", "worse"],
    ["not-seen", "healthy", "other"],
    ["failing", "not-seen", "other"],
  ] as const)("of a service that was %s and is %s says %s", (before, after, change) => {
    expect(diffOf(withDns({ verdict: before }), withDns({ verdict: after })).change).toBe(change);
  });

  test.each([
    [10, 20, "worse"],
    [20, 10, "better"],
    [10, 19.9, "same"],
    [1, 10.9, "same"],
  ])("of medians %d and %d ms says %s", (before, after, change) => {
    const times = (median: number): Report => withDns({ responseMs: { median, p95: median, max: median } });
    expect(diffOf(times(before), times(after)).change).toBe(change);
  });

  test.each([
    [reportOf({ anomalies: [] }), reportOf(), "came", "worse"],
    [reportOf(), reportOf({ anomalies: [] }), "went", "better"],
    [withAnomaly({ severity: "warning" }), reportOf(), "more-severe", "worse"],
    [reportOf(), withAnomaly({ severity: "warning" }), "less-severe", "better"],
    [reportOf(), withAnomaly({ count: 2 }), "more-often", "worse"],
    [withAnomaly({ count: 2 }), reportOf(), "less-often", "better"],
  ] as const)("of anomalies says what changed (%#)", (before, after, what, change) => {
    const diff = diffOf(before, after);
    expect(diff.anomalies).toMatchObject([{ rule: "handshake-unanswered", where: "tcp/80", what, change }]);
    expect(diff.change).toBe(change);
  });

  test("takes a notice that came for no harm", () => {
    expect(diffOf(reportOf({ anomalies: [] }), withAnomaly({ severity: "notice" })).change).toBe("other");
  });

  test("does not take an anomaly for gone, or for new, whose rule ran on one side alone", () => {
    const without = reportOf({ anomalies: [], ruleSelection: { ran: [], leftOut: ["handshake-unanswered"] } });
    for (const diff of [diffOf(reportOf(), without), diffOf(without, reportOf())])
      expect(diff).toMatchObject({ change: "same", anomalies: [], rulesNotCompared: ["handshake-unanswered"] });
    expect(diffOf(without, without).rulesNotCompared).toEqual([]);
  });

  test("finds the same anomaly again at another client port, and at more places", () => {
    const other = reportOf();
    other.flows = other.flows.map((flow) => ({ ...flow, vm: { ...flow.vm, port: 1 } }));
    expect(diffOf(reportOf(), other).change).toBe("same");
    expect(diffOf(reportOf(), withAnomaly({ flows: [0, 1] })).anomalies).toMatchObject([{ what: "same" }]);
  });
});

describe("a report that is read back", () => {
  test("compares as the one that was written", () => {
    const back = readReport(JSON.stringify(reportOf()));
    expect(compareReports(["a", reportOf()], ["b", back]).change).toBe("same");
  });

  test("may be one of before rules could be left out", () => {
    const { ruleSelection: _, ...earlier } = reportOf();
    expect(readReport(JSON.stringify(earlier)).ruleSelection).toBeNull();
  });

  test.each([
    ["no JSON", "it is not JSON"],
    ["[]", "the report is not an object"],
    ["{}", "its schemaVersion is not 1"],
    [JSON.stringify({ ...reportOf(), services: {} }), "services is not a list"],
    [JSON.stringify({ ...reportOf(), anomalies: [{ rule: 1 }] }), "anomalies[0].rule is not a text"],
    [
      JSON.stringify(withDns({ responseMs: null })).replace('"healthy"', '"fine"'),
      "services[1].verdict is not one of healthy, degraded, failing, not-seen",
    ],
  ])("is refused by the first thing that is wrong (%#)", (text, message) => {
    expect(() => readReport(text)).toThrow(new NotAReport(message));
  });
});
