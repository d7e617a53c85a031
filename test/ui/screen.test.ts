import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { reportOf } from "../support/report.ts";
import { ReportViewSource } from "../support/report-view-source.ts";
import { openScreen } from "../support/screen.tsx";

const ESC = "\u001b";
const ENTER = "\r";
const DOWN = "\u001b[B";

function goldenReport(name: string): Report {
  return JSON.parse(readFileSync(`test/golden/${name}.json`, "utf8"));
}

function manyFlows(amount: number): Report {
  const report = reportOf();
  const [flow] = report.flows;
  if (flow === undefined) throw new Error("the report has no flow");
  return { ...report, flows: Array.from({ length: amount }, (_, id) => ({ ...flow, id, anomalies: [] })) };
}

test("a table asks for rows around the screen alone", async () => {
  const source = new ReportViewSource(manyFlows(100_000));
  const screen = await openScreen(source);
  await screen.press("2", "G");
  expect(Math.max(...source.queries.map(({ count }) => count))).toBeLessThanOrEqual(4 * 24);
  expect(screen.store.model.state.tables.flows.selected).toBe(99_999);
  screen.close();
});

test("moving within the rows that are there asks for nothing", async () => {
  const source = new ReportViewSource(manyFlows(1000));
  const screen = await openScreen(source);
  await screen.press("2");
  const before = source.queries.length;
  await screen.press(DOWN, "j", "k");
  expect(source.queries.length).toBe(before);
  screen.close();
});

test("keys that come at once are keys one after the other", async () => {
  const screen = await openScreen(new ReportViewSource(manyFlows(50)));
  await screen.press("2jjj");
  expect(screen.store.model.state.tables.flows.selected).toBe(3);
  screen.close();
});

test("Enter pressed again and again digs from a fault to its packet's bytes", async () => {
  const screen = await openScreen(new ReportViewSource(goldenReport("incident-mixed")));
  await screen.press(ENTER, ENTER, ENTER);
  const pages = screen.store.model.state.pages.map(({ page }) => page.kind);
  expect(pages).toEqual(["anomaly", "packet"]);
  await screen.press(ENTER);
  expect(screen.store.model.state.pages.length).toBe(2);
  screen.close();
});

test("a filter applies as it is typed, and Esc takes it back", async () => {
  const screen = await openScreen(new ReportViewSource(goldenReport("incident-mixed")));
  await screen.press("2", "/dns");
  expect(screen.frame()).toContain("filter dns  21 of 69");
  await screen.press(ESC);
  expect(screen.frame()).not.toContain("filter dns");
  screen.close();
});

test("why a filter is not understood stands behind it", async () => {
  const screen = await openScreen(new ReportViewSource(goldenReport("incident-mixed")));
  await screen.press("2", "/wrong:x");
  expect(screen.frame()).toContain('There is no field "wrong".');
  screen.close();
});

test("q asks to leave", async () => {
  const screen = await openScreen(new ReportViewSource(reportOf()));
  await screen.press("q");
  expect(screen.asked).toEqual(["quit"]);
  screen.close();
});

test("Alt and a key is not Esc and the key: it neither goes back nor leaves", async () => {
  const screen = await openScreen(new ReportViewSource(goldenReport("incident-mixed")));
  await screen.press(ENTER, `${ESC}q`);
  expect(screen.asked).toEqual([]);
  expect(screen.store.model.state.pages.length).toBe(1);
  screen.close();
});

test("q in a line that is typed is a letter", async () => {
  const screen = await openScreen(new ReportViewSource(reportOf()));
  await screen.press("2", "/", "q");
  expect(screen.asked).toEqual([]);
  screen.close();
});

test("y copies the display filter of the anomaly under the cursor", async () => {
  const report = goldenReport("incident-mixed");
  const screen = await openScreen(new ReportViewSource(report));
  await screen.press("y");
  expect(screen.copied).toEqual([report.anomalies[0]?.displayFilter]);
  screen.close();
});

test("the ending of an export's name chooses its format", async () => {
  const source = new ReportViewSource(reportOf());
  const screen = await openScreen(source);
  await screen.press("e", "report.md", ENTER);
  expect(source.written).toEqual(["markdown report.md"]);
  expect(screen.frame()).toContain("The report is in report.md");
  screen.close();
});

test("an export that fails says why", async () => {
  const screen = await openScreen(new ReportViewSource(reportOf()));
  await screen.press("e", "/nowhere/report.html", ENTER);
  expect(screen.frame()).toContain("there is no such directory");
  screen.close();
});

test("a paused screen keeps what it shows, and goes on afterwards", async () => {
  const source = new ReportViewSource(reportOf());
  const screen = await openScreen(source);
  await screen.press(" ");
  source.update(reportOf({ anomalies: [] }));
  await screen.press("j");
  expect(screen.store.model.data.overview?.report.anomalies.length).toBe(1);
  await screen.press(" ");
  expect(screen.store.model.data.overview?.report.anomalies.length).toBe(0);
  screen.close();
});

test("a terminal of 24 lines of which tmux takes one is drawn in, down to 80 by 16", async () => {
  for (const rows of [23, 16]) {
    const screen = await openScreen(new ReportViewSource(reportOf()), { columns: 80, rows });
    const lines = screen.frame().split("\n");
    expect(lines.length).toBe(rows);
    expect(lines.at(-1)).toContain("? help  q quit");
    screen.close();
  }
});

test("below 80 by 16 the screen says what it needs", async () => {
  const screen = await openScreen(new ReportViewSource(reportOf()), { columns: 60, rows: 20 });
  expect(screen.frame()).toContain("vipscope needs 80 x 16,");
  screen.close();
});

test("a screen that grows is drawn anew in its size", async () => {
  const screen = await openScreen(new ReportViewSource(reportOf()), { columns: 60, rows: 20 });
  screen.store.resize(120, 30);
  await screen.press("2");
  expect(screen.frame().split("\n").length).toBe(30);
  screen.close();
});

test("no line is wider than the screen, whatever characters names have", async () => {
  const report = reportOf();
  const question = report.dns.transactions[0];
  if (question === undefined) throw new Error("the report has no question");
  const name = "平台".repeat(60);
  const screen = await openScreen(new ReportViewSource({ ...report, dns: { transactions: [{ ...question, name }] } }));
  await screen.press("3");
  const { default: stringWidth } = await import("string-width");
  expect(
    Math.max(
      ...screen
        .frame()
        .split("\n")
        .map((line) => stringWidth(line)),
    ),
  ).toBeLessThanOrEqual(80);
  screen.close();
});

test("escape sequences and direction marks in texts are shown, never obeyed", async () => {
  const report = reportOf();
  const [anomaly] = report.anomalies;
  const [question] = report.dns.transactions;
  if (anomaly === undefined || question === undefined) throw new Error("the report lacks rows");
  const hostile = `${ESC}]0;owned\u0007${ESC}[2J${ESC}[31mred\u202e\u009b1m\r\n`;
  const screen = await openScreen(
    new ReportViewSource({
      ...report,
      anomalies: [{ ...anomaly, title: hostile, summary: hostile }],
      dns: { transactions: [{ ...question, name: hostile }] },
    }),
    { env: { LANG: "C.UTF-8", NO_COLOR: "1" }, title: hostile },
  );
  const frames = [screen.painted()];
  await screen.press(ENTER);
  frames.push(screen.painted());
  await screen.press("3");
  frames.push(screen.painted());
  for (const frame of frames) {
    const codes = new Set(Array.from(frame, (character) => character.codePointAt(0) ?? 0));
    expect([0x07, 0x0d, 0x9b, 0x202e].filter((code) => codes.has(code))).toEqual([]);
    expect(
      frame
        .split(ESC)
        .slice(1)
        .every((rest) => /^\[[0147]?(?:\d*)m/.test(rest)),
    ).toBe(true);
    expect(frame).not.toContain(`${ESC}[31m`);
  }
  expect(frames[2]).toContain("\\x1b]0;owned");
  screen.close();
});

test("NO_COLOR leaves attributes and no colours", async () => {
  const screen = await openScreen(new ReportViewSource(goldenReport("incident-mixed")), {
    env: { LANG: "C.UTF-8", TERM: "xterm-256color", NO_COLOR: "1" },
  });
  const parameters = screen
    .painted()
    .split(`${ESC}[`)
    .slice(1)
    .map((rest) => Number.parseInt(rest, 10));
  expect(parameters.filter((one) => (one >= 30 && one <= 38) || (one >= 40 && one <= 48))).toEqual([]);
  screen.close();
});

test("without UTF-8 every character is ASCII", async () => {
  const screen = await openScreen(new ReportViewSource(goldenReport("incident-mixed")), {
    env: { LANG: "C", TERM: "vt100" },
  });
  await screen.press("5");
  expect(Array.from(screen.frame()).filter((character) => character > "~")).toEqual([]);
  screen.close();
});
