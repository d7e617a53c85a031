import { readdirSync, readFileSync } from "node:fs";
import { createGenerator } from "ts-json-schema-generator";
import { expect, test } from "vitest";
import { SCHEMA_NAMES } from "../../src/report/schema-names.ts";
import { reportOf } from "../support/report.ts";
import { isReport, reportFaults } from "../support/schema.ts";

test.each([
  ["report", "report", "Report"],
  ["event", "events", "LiveEvent"],
  ["diff", "report-diff", "ReportDiff"],
  ["check", "check-report", "CheckReport"],
])("the published %s schema is the one that the types give", async (name, file, type) => {
  const generator = createGenerator({
    path: `src/report/${file}.ts`,
    tsconfig: "tsconfig.json",
    type,
    skipTypeCheck: true,
    additionalProperties: false,
  });
  const schema = `${JSON.stringify(generator.createSchema(type), null, 2)}\n`;
  await expect(schema).toMatchFileSnapshot(`../../src/report/schemas/${name}.schema.json`);
});

test("every published schema is one that the command prints", () => {
  const files = readdirSync("src/report/schemas").map((name) => name.replace(".schema.json", ""));
  expect(files.sort()).toEqual([...SCHEMA_NAMES].sort());
});

test("the schema names the draft that validators must know", () => {
  const schema = readFileSync("src/report/schemas/report.schema.json", "utf8");
  expect(JSON.parse(schema)).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#" });
});

test("a report that keeps the contract is valid", () => {
  expect(reportFaults(reportOf())).toEqual([]);
});

test("a missing field and an unknown one are not", () => {
  const { limits: _limits, ...rest } = reportOf();
  expect(isReport(rest)).toBe(false);
  expect(isReport({ ...reportOf(), machine: "host" })).toBe(false);
});
