import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { explainText, rulesText } from "../../src/cli/rule-texts.ts";

test("the table names every rule with its severity under its heading", () => {
  const table = rulesText("text", false);
  expect(table).toContain("Health probes\n");
  expect(table).toMatch(/^ {2}dns-throttled +critical +The VM asks DNS faster than the platform answers$/m);
  expect(table).toContain("61 rules.");
});

test("no line of the table or of any page is wider than a hundred columns", () => {
  const ids: { id: string }[] = JSON.parse(rulesText("json", false));
  const lines = [rulesText("text", false), ...ids.map(({ id }) => explainText(id, false))].join("\n").split("\n");
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});

test("a page tells thresholds with their values", () => {
  expect(explainText("response-slow", false)).toContain("Thresholds  responseSlowMs = 3000");
});

test("a mistyped rule is refused with the nearest one", () => {
  expect(() => explainText("dns-slwo", false)).toThrow('there is no rule "dns-slwo"');
});

test("an unknown form is refused", () => {
  expect(() => rulesText("yaml", false)).toThrow('there is no form "yaml" of the rules');
});

test("the README's table of rules is the catalogue's", () => {
  const readme = readFileSync("README.md", "utf8");
  const table = readme.slice(readme.indexOf("<!-- rules -->\n") + 15, readme.indexOf("\n<!-- /rules -->"));
  expect(`${table}\n`).toBe(rulesText("markdown", false));
});
