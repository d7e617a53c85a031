/** Captures whose every text wants to be more than text, place by place: what a sender writes is shown, and does nothing. */

import { Readable } from "node:stream";
import { beforeAll, describe, expect, test } from "vitest";
import { analyze } from "../../src/analyzer.ts";
import { openStream } from "../../src/capture/open.ts";
import { SourceFacts } from "../../src/capture/source-facts.ts";
import { writeExtract } from "../../src/extract/extract.ts";
import { OUTPUT_FORMS } from "../../src/output/all.ts";
import { DEFAULT_OPTIONS } from "../support/analyze.ts";
import { csvRows } from "../support/csv.ts";
import { hostileCapture } from "../support/hostile-capture.ts";
import { readChunks } from "../support/read-capture.ts";
import { eventFaults, reportFaults } from "../support/schema.ts";
import { terminalAttack } from "../support/terminal-attack.ts";
import { gatheringSink } from "../support/text-sink.ts";

/** Characters that move a cursor, end a line, or turn or hide what follows. */
const ACTIVE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200b\ufeff]/u;

/** Every form's text by its name, tables joined, and an extract. */
async function everything(capture: Uint8Array, name: string): Promise<Map<string, string>> {
  const analysis = await analyze(async (options) => {
    const facts = new SourceFacts(name);
    const stream = Readable.from([capture], { objectMode: false });
    return { facts: [facts], records: await openStream(stream, 0, options, facts) };
  }, DEFAULT_OPTIONS);
  const report = analysis.finish();
  const texts = new Map<string, string>();
  for (const form of OUTPUT_FORMS) {
    const sink = gatheringSink();
    const input = { report, packets: analysis.packetLines(), colour: false };
    if (form.tables === undefined) await (await form.load())(input, sink);
    else for (const table of form.tables) await (await form.load(table))(input, sink);
    texts.set(form.name, sink.pieces.join(""));
  }
  const blocks: Uint8Array[] = [];
  const choice = { flows: [], rules: [], services: [], aroundSeconds: null };
  const options = { choice, redact: true, anonymization: null };
  await writeExtract(analysis.extractSource(), report, options, async (block) => void blocks.push(block.slice()));
  texts.set("extract", String((await readChunks(blocks)).records.length));
  analysis.close();
  return texts;
}

describe.each([
  ["escape sequences", terminalAttack, 6],
  ["markup and scripts", hostileCapture, 14],
])("%s from packets, and in the capture's name", (_, makeCapture, packets) => {
  let texts: Map<string, string>;
  const textOf = (form: string): string => texts.get(form) ?? "";
  beforeAll(async () => {
    texts = await everything(makeCapture(), '\u001b[2J<b>=1+1\u202e,"`](x)`.pcap');
  });

  test("are shown", () => {
    for (const form of ["text", "json", "ndjson", "html"]) expect(textOf(form)).toMatch(/x1b|u\{202E\}|script/i);
  });

  test("text and Markdown hold no character that acts", () => {
    for (const form of ["text", "markdown"]) expect(textOf(form).replaceAll("\n", "")).not.toMatch(ACTIVE);
  });

  test("Markdown holds markup in code alone", () => {
    const bare = textOf("markdown")
      .replaceAll(/^```text\n.*\n```$/gm, "")
      .replaceAll(/`[^`\n]*`/g, "");
    expect(bare).not.toMatch(/[`<>@[\]\\]/);
  });

  test("JSON is by the schema, and a program that prints its texts is safe too", () => {
    const report = JSON.parse(textOf("json"));
    expect(reportFaults(report)).toEqual([]);
    expect(textOf("json").replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    // A program finds the file by its name, so that stands as it is.
    report.capture.sources[0].name = "";
    JSON.stringify(report, (_key, value) => {
      if (typeof value === "string") expect(value).not.toMatch(ACTIVE);
      return value;
    });
  });

  test("NDJSON has one event a line", () => {
    const events = textOf("ndjson")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.flatMap(eventFaults)).toEqual([]);
  });

  test("CSV cells end where they should and begin no formula", () => {
    const cells = csvRows(textOf("csv")).flat();
    for (const cell of cells) expect(cell ?? "").not.toMatch(/^[=+@\t\r]|^-(?![\d.]+$)/);
    for (const cell of cells) expect(cell ?? "").not.toMatch(ACTIVE);
  });

  test("the page has no element and no attribute of theirs", () => {
    const page = textOf("html").replaceAll(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, "");
    expect(page).not.toMatch(ACTIVE_IN_PAGE);
    expect(page.match(/<[a-z][^>]*\s(on[a-z]+|src)\s*=/gi)).toBeNull();
    expect(page).not.toMatch(/<(img|iframe|object|embed)\b|<script/i);
  });

  test("an extract holds every packet", () => {
    expect(textOf("extract")).toBe(String(packets));
  });
});

/** Line ends are the page's own. */
const ACTIVE_IN_PAGE = /[^\n\P{Cc}]|\p{Bidi_Control}/u;
