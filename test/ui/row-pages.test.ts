import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze } from "../../src/index.ts";
import type { Report } from "../../src/report/report.ts";
import { newestPage, type RowPage } from "../../src/ui/row-pages.ts";
import { RowFinder } from "../../src/view/row-finder.ts";
import { CAPTURES } from "../support/captures.ts";
import { ReportViewSource } from "../support/report-view-source.ts";
import { openScreen } from "../support/screen.tsx";

const ENTER = "\r";

function goldenReport(name: string): Report {
  return JSON.parse(readFileSync(`test/golden/${name}.json`, "utf8"));
}

test("an open series of probes goes on with the session", async () => {
  const report = goldenReport("probes-up-down");
  const source = new ReportViewSource(report);
  const screen = await openScreen(source);
  await screen.press("6", ENTER);
  const [first, ...others] = report.probes;
  if (first === undefined) throw new Error("the report has no probes");
  source.update({ ...report, probes: [...others, { ...first, probes: 4321, failed: 1234, lastOutcome: "refused" }] });
  await expect.poll(() => screen.frame()).toMatch(/4,321.*1,234 failed.*refused/s);
  screen.close();
});

test("an open DHCP exchange gets its answer when it comes", async () => {
  const report = goldenReport("dhcp-acquire");
  const [whole] = report.dhcp.exchanges;
  if (whole === undefined) throw new Error("the report has no exchange");
  const asked = { ...whole, outcome: "unanswered" as const, messages: whole.messages.slice(0, 1) };
  const source = new ReportViewSource({ ...report, dhcp: { exchanges: [asked] } });
  const screen = await openScreen(source);
  await screen.press("4", ENTER);
  expect(screen.frame()).not.toContain("OFFER");
  source.update(report);
  await expect.poll(() => screen.frame()).toContain("OFFER");
  screen.close();
});

test("a row that is there no more stays on its page as it was", async () => {
  const report = goldenReport("probes-up-down");
  const source = new ReportViewSource(report);
  const screen = await openScreen(source);
  await screen.press("6", ENTER);
  source.update({ ...report, probes: [] });
  await screen.press("j");
  expect(screen.store.model.state.pages[0]?.page).toEqual({ kind: "probe", series: report.probes[0] });
  screen.close();
});

const FOUND = CAPTURES.filter((path) => /probes-ipv6|probes-up-down|dhcp-acquire|incident-mixed/.test(path));

test.each(FOUND)("each row of %s is found again", async (path) => {
  const analysis = await analyze(path);
  const finder = new RowFinder(analysis.view, 1, async () => {});
  const source = new ReportViewSource(analysis.report());
  source.rows = (query) => finder.window(query);
  const pages: RowPage[] = [
    ...[...analysis.view.probes].map((series): RowPage => ({ kind: "probe", series })),
    ...[...analysis.view.dhcp.exchanges].map((exchange): RowPage => ({ kind: "dhcp", exchange })),
  ];
  expect(pages.length).toBeGreaterThan(0);
  for (const page of pages) expect(await newestPage(page, source)).toEqual(page);
  analysis.close();
});
