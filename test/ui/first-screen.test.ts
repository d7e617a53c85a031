import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { ReportViewSource } from "../support/report-view-source.ts";
import { openScreen } from "../support/screen.tsx";

function goldenReport(name: string): Report {
  return JSON.parse(readFileSync(`test/golden/${name}.json`, "utf8"));
}

test("the first screen says what is broken without a key", async () => {
  const screen = await openScreen(new ReportViewSource(goldenReport("incident-mixed")));
  expect(screen.frame()).toContain("✗ FAILING  HostGAPlugin is failing");
  screen.close();
});
