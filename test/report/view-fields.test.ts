import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FILTER_FIELDS } from "../../src/report/view-fields.ts";

test("the README names every field of the filter", () => {
  const listed = /Fields:\n([\s\S]*?)\.\n/.exec(readFileSync("README.md", "utf8"))?.[1] ?? "";
  expect(listed.split(/,\s/)).toEqual(FILTER_FIELDS.map(({ name }) => `\`${name}\``));
});
