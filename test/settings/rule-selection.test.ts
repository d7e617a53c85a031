import { expect, test } from "vitest";
import { RULES } from "../../src/rules/all.ts";
import { nearest } from "../../src/settings/nearest.ts";
import { selectRules } from "../../src/settings/rule-selection.ts";

const ids = (only: string[], ignore: string[]): string[] => selectRules(RULES, only, ignore).map((rule) => rule.id);

test("without a choice all rules run, in their order", () => {
  expect(ids([], [])).toEqual(RULES.map((rule) => rule.id));
});

test("only those that are chosen run, without those that are left out", () => {
  expect(ids(["zero-window", "path-mtu"], ["path-mtu"])).toEqual(["zero-window"]);
});

test("a mistyped rule is refused, and the one that was meant is named", () => {
  expect(() => ids(["zero-windw"], [])).toThrow('there is no rule "zero-windw"');
  expect(nearest("zero-windw", ["path-mtu", "zero-window"])).toBe("zero-window");
});

test("a word that is like none gets no suggestion", () => {
  expect(nearest("weather", ["path-mtu", "zero-window"])).toBeNull();
});
