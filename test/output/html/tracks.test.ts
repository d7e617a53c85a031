import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InstantReader } from "../../../src/output/html/instants.ts";
import { stretchesOf } from "../../../src/output/html/probe-states.ts";
import { spreadOf } from "../../../src/output/html/statistics.ts";
import { gatherTracks } from "../../../src/output/html/tracks.ts";
import type { Report } from "../../../src/report/report.ts";
import { reportOf } from "../../support/report.ts";

const REPORTS = readdirSync("test/golden").filter((name) => name.endsWith(".json"));

describe("what the plots draw", () => {
  test.each(REPORTS)("is what the services' answers count: %s", (name) => {
    const report: Report = JSON.parse(readFileSync(`test/golden/${name}`, "utf8"));
    const { ofService } = gatherTracks(report);
    const seen = report.services.filter(({ verdict }) => verdict !== "not-seen");
    const counted = seen.map(({ service, succeeded, failed }) => ({ service, succeeded, failed }));
    const drawn = seen.map(({ service }) => ({
      service,
      succeeded: ofService.get(service)?.goodAtMs.length,
      failed: ofService.get(service)?.failedAtMs.length,
    }));
    expect(drawn).toEqual(counted);
  });

  test.each(REPORTS)("has the median and percentile of the services' answers: %s", (name) => {
    const report: Report = JSON.parse(readFileSync(`test/golden/${name}`, "utf8"));
    const { ofService } = gatherTracks(report);
    for (const { service, responseMs } of report.services) {
      if (responseMs !== null) expect(spreadOf(ofService.get(service)?.responsesMs ?? [])).toMatchObject(responseMs);
    }
  });
});

test("an instant is read to the nanosecond, before and after the base too", () => {
  const instants = new InstantReader("2026-01-02T03:04:05.500000Z");
  expect(instants.ns("2026-01-02T03:04:05.500000001Z")).toBe(500_000_001);
  expect(instants.ns("2026-01-02T03:04:04.999999Z")).toBe(-1000);
  expect(instants.ms("2026-01-03T03:04:05.000000Z")).toBe(86_400_000);
});

test("before its first change an endpoint was the other way round", () => {
  const [series] = reportOf().probes;
  if (series === undefined) throw new Error("the report has a series");
  const at = "2026-01-02T03:04:07.000000Z";
  const instants = new InstantReader("2026-01-02T03:04:05.000000Z");
  expect(stretchesOf({ ...series, transitions: [{ at, to: "down" }] }, 5000, instants)).toEqual([
    { fromMs: Number.NEGATIVE_INFINITY, toMs: 2000, up: true },
    { fromMs: 2000, toMs: 5000, up: false },
  ]);
});

test("an endpoint without a change was as its probes went", () => {
  const [series] = reportOf().probes;
  if (series === undefined) throw new Error("the report has a series");
  const instants = new InstantReader(null);
  expect(stretchesOf({ ...series, transitions: [], succeeded: 0, lastOutcome: "refused" }, 1, instants)[0]?.up).toBe(
    false,
  );
});

test("there is no spread of nothing", () => {
  expect(spreadOf([])).toBeNull();
});
