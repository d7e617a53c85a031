import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RULES } from "../../src/rules/all.ts";
import { analyzeFiles } from "../support/analyze.ts";
import { foundIn, rulesIn, sectionsOf, tableOf } from "../support/anomaly-table.ts";
import { CAPTURES } from "../support/captures.ts";

const TABLE = readFileSync("test/rules/captures.md", "utf8");
const SECTIONS = sectionsOf(TABLE);
const INTRODUCTION = TABLE.slice(0, TABLE.indexOf("\n## ") + 1).trimEnd() + "\n";
const found = new Map<string, string[]>();

describe("each shipped capture has these verdicts and anomalies, nothing more and nothing less", () => {
  test.each(CAPTURES.map((path) => path.replace("captures/", "")))("%s", async (name) => {
    const lines = foundIn((await analyzeFiles([`captures/${name}`])).report);
    found.set(name, lines);
    expect(lines).toEqual(SECTIONS.get(name));
  });

  test("the table names every capture once, in order, and nothing else", async () => {
    await expect(tableOf(INTRODUCTION, found)).toMatchFileSnapshot("captures.md");
  });
});

describe("every rule", () => {
  const foundBy = (id: string): string[] =>
    [...SECTIONS].filter(([, lines]) => rulesIn(lines).includes(id)).map(([name]) => name);

  test.each(RULES.map((rule) => rule.id))("%s is found in a shipped capture", (id) => {
    expect(foundBy(id)).not.toEqual([]);
  });

  test.each(RULES.map((rule) => rule.id))("%s is not found in its near miss", (id) => {
    const nearMiss = [...SECTIONS].find(([name]) => name.replace(/\.[a-z.]+$/, "") === `${id}-near-miss`);
    expect(nearMiss).toBeDefined();
    expect(rulesIn(nearMiss?.[1] ?? [])).not.toContain(id);
  });
});
