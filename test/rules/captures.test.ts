import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RULES } from "../../src/rules/all.ts";
import { analyzeFiles } from "../support/analyze.ts";
import { casesOf, foundIn, rulesIn, sectionsOf, tableOf } from "../support/anomaly-table.ts";
import { CAPTURES } from "../support/captures.ts";

const TABLE = readFileSync("test/rules/captures.md", "utf8");
const SECTIONS = sectionsOf(TABLE);
const INTRODUCTION = `${TABLE.slice(0, TABLE.indexOf("\n## ") + 1).trimEnd()}\n`;
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

const CASES = casesOf(INTRODUCTION);

describe("every rule", () => {
  test("has its row in the order of the catalogue", () => {
    expect(CASES.map(({ rule }) => rule)).toEqual(RULES.map((rule) => rule.id));
  });

  test.each(CASES)("$rule is found in $shownBy", ({ rule, shownBy }) => {
    expect(rulesIn(SECTIONS.get(shownBy) ?? [])).toContain(rule);
  });

  test.each(CASES)("$rule is not found in $nearMiss", ({ rule, nearMiss }) => {
    expect(SECTIONS.has(nearMiss)).toBe(true);
    expect(rulesIn(SECTIONS.get(nearMiss) ?? [])).not.toContain(rule);
  });
});
