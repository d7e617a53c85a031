/** The HTML report in a real browser: what a reader does with it, what it must not do, and how it bears many rows. */
import { statSync } from "node:fs";
import axe from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeHtml } from "../../../src/output/html.ts";
import { outputOfFiles } from "../../support/analyze.ts";
import { CHROMIUM, launchBrowser, openPage } from "../../support/browser.ts";
import { hostileCapture, TRACE } from "../../support/hostile-capture.ts";
import { longReport } from "../../support/long-report.ts";
import { scratchDirectory } from "../../support/scratch.ts";
import { outputOf } from "../../support/text-sink.ts";
import { hasTool } from "../../support/tools.ts";

const INCIDENT = "captures/incident-mixed.pcapng";
const scratch = scratchDirectory();
let browser: Browser;
let incident: string;

describe.runIf(hasTool(CHROMIUM))("the page in Chromium", () => {
  beforeAll(async () => {
    browser = await launchBrowser();
    incident = scratch.write("incident.html", await outputOfFiles([INCIDENT], writeHtml));
  });
  afterAll(() => browser.close());

  test("begins with the answer, asks for nothing but itself, and nothing complains", async () => {
    const { page, requests, complaints } = await openPage(browser, incident);
    await page.locator("#flows tbody tr[data-row]").first().waitFor();
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
    expect(await page.locator("h1").textContent()).toContain(
      "HostGAPlugin is failing: Connection attempts get no answer",
    );
    expect(await page.locator("#services .verdict-failing").count()).toBe(1);
    expect(await page.locator(".anomaly h3").first().textContent()).toBe("Connection attempts get no answer");
  });

  test("sorts by a heading, both ways, and says so", async () => {
    const { page } = await openPage(browser, incident);
    const heading = page.locator("#flows th", { hasText: "Packets" });
    await heading.getByRole("button").click();
    expect(await heading.getAttribute("aria-sort")).toBe("ascending");
    const ascending = (await column(page, "#flows", "Packets")).map(Number);
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
    await heading.getByRole("button").press("Enter");
    expect(await heading.getAttribute("aria-sort")).toBe("descending");
    expect((await column(page, "#flows", "Packets")).map(Number)[0]).toBeGreaterThan(ascending[0] ?? 0);
  });

  test("filters by words, by a column, and to problems alone", async () => {
    const { page } = await openPage(browser, incident);
    await filter(page, "#dns", "servfail.partner");
    expect(new Set(await column(page, "#dns", "Name"))).toEqual(new Set(["servfail.partner.example"]));
    await filter(page, "#flows", "flow:4");
    expect(await column(page, "#flows", "Flow")).toEqual(["4"]);
    await filter(page, "#flows", "");
    await filter(page, "#http", "no-such-thing");
    expect(await page.locator("#http tbody").textContent()).toContain("No row matches.");
    expect(await page.locator("#http output").textContent()).toBe("0 of 34");
    await page.locator("#flows").getByRole("checkbox").check();
    const outcomes = new Set(await column(page, "#flows", "Outcome"));
    expect([...outcomes].filter((outcome) => outcome.startsWith("established"))).toEqual([]);
    expect(await page.locator("#flows table").getAttribute("aria-rowcount")).toBe(
      String((await column(page, "#flows", "Flow")).length + 1),
    );
  });

  test("opens a row by keyboard, and closes it again", async () => {
    const { page } = await openPage(browser, incident);
    const opener = page.locator("#flows tbody button").nth(4);
    await opener.focus();
    await page.keyboard.press("Enter");
    expect(await opener.getAttribute("aria-expanded")).toBe("true");
    expect(await page.locator("#flows .detail").textContent()).toContain("Window scale");
    await page.keyboard.press("Enter");
    expect(await page.locator("#flows .detail").count()).toBe(0);
  });

  test("leads from an anomaly to its flow and its ladder", async () => {
    const { page } = await openPage(browser, incident);
    const anomaly = page.locator("#anomaly-1");
    await anomaly.locator("a[data-flow]").first().click();
    const [flow] = await column(page, "#flows", "Flow");
    expect(await column(page, "#flows", "Outcome")).toEqual(["✕ unanswered"]);
    await anomaly.locator(`#ladder-${flow} summary`).click();
    expect(await anomaly.locator(`#ladder-${flow} tbody tr`).count()).toBe(7);
    expect(await anomaly.locator(`#ladder-${flow} .rung.right`).first().textContent()).toContain("SYN");
  });

  test("copies the display filter", async () => {
    const { page } = await openPage(browser, incident, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.locator("#anomaly-1 button.copy").click();
    await page.locator("#anomaly-1 button.copy", { hasText: "Copied" }).waitFor();
    const copied = await page.evaluate("navigator.clipboard.readText()");
    expect(copied).toBe(await page.locator("#anomaly-1 .filter code").textContent());
  });

  test("changes between light and dark", async () => {
    const { page } = await openPage(browser, incident, { colorScheme: "light" });
    const background = (): Promise<unknown> => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await background();
    const button = page.getByRole("button", { name: "Theme: system" });
    await button.click();
    expect(await background()).toBe(light);
    await page.getByRole("button", { name: "Theme: light" }).click();
    expect(await background()).not.toBe(light);
  });

  test("puts its rows and ladders on paper, and takes them back", async () => {
    const { page } = await openPage(browser, incident);
    const inWindow = await page.locator("#flows tbody tr[data-row]").count();
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator("#flows tbody tr[data-row]").count()).toBe(69);
    expect(await page.locator("details:not([open])").count()).toBe(0);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.locator("#flows tbody tr[data-row]").count()).toBe(inWindow);
    expect(await page.locator("details[open]").count()).toBe(0);
  });

  test("has no serious problem for axe, all opened", async () => {
    const { page } = await openPage(browser, incident, { colorScheme: "light" });
    await openAll(page);
    expect(await seriousProblems(page, {})).toEqual([]);
  });

  test("has enough contrast in the dark too", async () => {
    const { page } = await openPage(browser, incident, { colorScheme: "dark" });
    await openAll(page);
    expect(await seriousProblems(page, { runOnly: ["color-contrast"] })).toEqual([]);
  });

  test("fits a narrow screen: only its parts scroll sideways", async () => {
    const { page } = await openPage(browser, incident, { viewport: { width: 390, height: 800 } });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    const isCut =
      "(() => { const box = document.querySelector('#services .scroll'); return box.scrollWidth > box.clientWidth; })()";
    expect(await page.evaluate(isCut)).toBe(false);
  });

  test("shows a hostile capture's texts as text, and runs none of them", async () => {
    const capture = scratch.write(`"><script>${TRACE}=1<x>.pcapng`.replaceAll("/", ""), hostileCapture());
    const path = scratch.write("hostile.html", await outputOfFiles([capture], writeHtml));
    const { page, requests, complaints } = await openPage(browser, path);
    await page.locator("#http tbody button").first().click();
    await openAll(page);
    expect(await page.evaluate(`typeof ${TRACE}`)).toBe("undefined");
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
    expect(await page.locator("script").count()).toBe((await page.locator("[data-table]").count()) + 1);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("#dns tbody").textContent()).toContain(`</script><script>${TRACE}=1</script>.example`);
    expect(await page.locator("#http .detail").textContent()).toContain(`<!--<script>${TRACE}=1//`);
    expect(await page.locator("#anomalies").textContent()).toContain(`"><img/src=x/onerror=${TRACE}=1>`);
    expect(await page.locator("#capture").textContent()).toContain(`"><img/src=x/onerror=${TRACE}=1>`);
  });

  test("bears 50,000 rows in each table", async () => {
    const path = scratch.write("long.html", await outputOf(writeHtml, longReport(50_000)));
    const { page, complaints } = await openPage(browser, path);
    const openMs = Number(await page.evaluate("performance.timing.loadEventEnd - performance.timing.fetchStart"));
    const flows = page.locator("#flows table");
    expect(await flows.getAttribute("aria-rowcount")).toBe("50001");
    expect(await page.locator("#flows tbody tr[data-row]").count()).toBeLessThan(60);
    await page.evaluate("document.querySelector('#flows .window').scrollTop = 1e9");
    await page.locator('#flows tr[aria-rowindex="50001"]').waitFor();
    const filterMs = await tookMs(() => filter(page, "#flows", "refused"));
    expect(await flows.getAttribute("aria-rowcount")).toBe("501");
    await filter(page, "#flows", "");
    const sortMs = await tookMs(() => page.locator("#flows th button", { hasText: "Took" }).click());
    expect(await page.locator("#flows th[aria-sort=ascending]").textContent()).toContain("Took");
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator("#flows tbody tr[data-row]").count()).toBe(150);
    expect(await page.locator("#flows .note").textContent()).toContain("49,850 more rows are not printed");
    expect(complaints).toEqual([]);
    expect(statSync(path).size).toBeLessThan(20e6);
    expect({ openMs, filterMs, sortMs, slow: openMs > 5000 || filterMs > 3000 || sortMs > 3000 }).toMatchObject({
      slow: false,
    });
  }, 60_000);
});

/** Opens all that folds, and a row. */
async function openAll(page: Page): Promise<void> {
  await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
  await page.locator("#dns tbody button").first().click();
}

async function seriousProblems(page: Page, options: axe.RunOptions): Promise<string[]> {
  await page.evaluate(axe.source);
  const run = `axe.run({ ...${JSON.stringify(options)}, resultTypes: ["violations"] })`;
  const { violations }: axe.AxeResults = await page.evaluate(run);
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** The visible cells of a column, from top to bottom. */
async function column(page: Page, table: string, title: string): Promise<string[]> {
  const titles = await page.locator(`${table} th`).allTextContents();
  const place = titles.findIndex((text) => text.startsWith(title));
  const cells: Locator = page.locator(`${table} tbody tr[data-row] td:nth-child(${place + 1})`);
  return (await cells.allTextContents()).map((text) => text.trim());
}

/** Types into a table's filter and waits until it says how many it left. */
async function filter(page: Page, table: string, words: string): Promise<void> {
  const found = page.locator(`${table} output`);
  const before = await found.textContent();
  await page.locator(`${table} input[type=search]`).fill(words);
  await expect.poll(async () => (await found.textContent()) !== before, { interval: 20, timeout: 5000 }).toBe(true);
}

async function tookMs(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
