/** DuckDB loads what is written for it, and the README's query gives the README's answer. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { vipscopeHere } from "../support/vipscope.ts";

const CAPTURE = "captures/incident-mixed.pcapng";
const scratch = scratchDirectory();
let connection: DuckDBConnection;
let report: Report;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  report = JSON.parse((await vipscopeHere("read", CAPTURE, "--format", "json")).stdout);
  await vipscopeHere("read", CAPTURE, "--format", "csv", "--output", join(scratch.path, "tables"));
  await vipscopeHere("read", CAPTURE, "--format", "ndjson", "--output", join(scratch.path, "report.ndjson"));
});

/** The rows of a query over files in the scratch directory, every value as text. */
async function rowsOf(query: string): Promise<string[][]> {
  const inScratch = query.replaceAll(/'([\w/]+\.(?:csv|ndjson))'/g, (_, file) => `'${join(scratch.path, file)}'`);
  const result = await connection.runAndReadAll(inScratch);
  return result.getRowsJson().map((row) => row.map(String));
}

test("the README's query gives the README's answer", async () => {
  const [, section = ""] = /<!-- duckdb -->(.*)<!-- \/duckdb -->/s.exec(readFileSync("README.md", "utf8")) ?? [];
  const [, query = ""] = /```sql\n(.*?)```/s.exec(section) ?? [];
  const [, , ...lines] = section.split("\n").filter((line) => line.startsWith("|"));
  const told = lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(await rowsOf(query)).toEqual(told);
});

test("each table has the report's rows", async () => {
  const { services, anomalies, flows, probes } = report;
  const counts = {
    services: services.length,
    anomalies: anomalies.length,
    flows: flows.length,
    dns: report.dns.transactions.length,
    dhcp: report.dhcp.exchanges.length,
    http: report.http.exchanges.length,
    probes: probes.length,
  };
  for (const [table, count] of Object.entries(counts)) {
    expect(await rowsOf(`SELECT count(*) FROM 'tables/${table}.csv'`)).toEqual([[String(count)]]);
  }
});

test("the lines have the report's records, as structures", async () => {
  const rows = await rowsOf("SELECT anomaly.rule, anomaly.count FROM 'report.ndjson' WHERE event = 'anomaly-raised'");
  expect(rows).toEqual(report.anomalies.map(({ rule, count }) => [rule, String(count)]));
});
