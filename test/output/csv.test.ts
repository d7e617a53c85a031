import { describe, expect, test } from "vitest";
import { OUTPUT_FORMS } from "../../src/output/all.ts";
import { csvWriter } from "../../src/output/csv.ts";
import { csvRecords } from "../support/csv.ts";
import { reportOf } from "../support/report.ts";
import { schemaOf } from "../support/schema.ts";
import { outputOf } from "../support/text-sink.ts";

/** Which definition of the schema a table's rows have. */
const ROW_TYPES: readonly (readonly [table: string, type: string])[] = [
  ["services", "ServiceSummary"],
  ["anomalies", "Anomaly"],
  ["flows", "Flow"],
  ["dns", "DnsTransaction"],
  ["dhcp", "DhcpExchange"],
  ["http", "HttpExchange"],
  ["probes", "ProbeSeries"],
];

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
}

/** Paths of the values in a type, "_" between; a list is one value. */
function leavesOf(schema: Schema, path = ""): string[] {
  const resolved = schema.$ref === undefined ? schema : definition(schema.$ref.replace("#/definitions/", ""));
  const inner = resolved.anyOf?.find((one) => one.type !== "null");
  if (inner !== undefined) return leavesOf(inner, path);
  if (resolved.properties === undefined) return [path];
  return Object.entries(resolved.properties).flatMap(([name, one]) =>
    leavesOf(one, path === "" ? name : `${path}_${name}`),
  );
}

function definition(name: string): Schema {
  const { definitions } = schemaOf<{ definitions: Record<string, Schema> }>("report");
  return definitions[name] ?? {};
}

async function recordsOf(table: string, report = reportOf()): Promise<Record<string, string | null>[]> {
  return csvRecords(await outputOf(csvWriter(table), report));
}

describe("the tables", () => {
  test("are those that the form names", () => {
    const form = OUTPUT_FORMS.find((one) => one.name === "csv");
    expect(form?.tables).toEqual(ROW_TYPES.map(([table]) => table));
  });

  test.each(ROW_TYPES)("%s has a column for every field, in the report's order", async (table, type) => {
    const [first = {}] = await recordsOf(table);
    expect(Object.keys(first)).toEqual(leavesOf(definition(type)));
  });

  test("have a line of titles also without rows", async () => {
    expect(await outputOf(csvWriter("probes"), reportOf({ probes: [] }))).toBe(
      "vm_address,vm_port,kind,path,probes,succeeded,failed,intervalMs,lastOutcome,transitions,flows\r\n",
    );
  });
});

describe("a cell", () => {
  test("is empty for what the capture does not tell, and quotes for an empty text", async () => {
    const [http] = reportOf().http.exchanges;
    if (http === undefined) throw new Error("the report has an exchange");
    const [record] = await recordsOf("http", reportOf({ http: { exchanges: [{ ...http, host: "", status: null }] } }));
    expect([record?.["host"], record?.["status"]]).toEqual(["", null]);
  });

  test("holds commas, quotes and lists", async () => {
    const [dns] = await recordsOf("dns");
    expect(JSON.parse(dns?.["answers"] ?? "")).toEqual(reportOf().dns.transactions[0]?.answers);
    expect(dns?.["packets"]).toBe("0:4 0:5");
  });

  test.each(["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x","y")'])(
    "that would start a formula is defused: %j",
    async (name) => {
      const [dns] = reportOf().dns.transactions;
      if (dns === undefined) throw new Error("the report has a transaction");
      const [record] = await recordsOf("dns", reportOf({ dns: { transactions: [{ ...dns, name }] } }));
      expect(record?.["name"]).toMatch(/^['\\]/);
    },
  );

  test("with a number below zero stays a number", async () => {
    const [dns] = reportOf().dns.transactions;
    if (dns === undefined) throw new Error("the report has a transaction");
    const [record] = await recordsOf("dns", reportOf({ dns: { transactions: [{ ...dns, responseMs: -1.5 }] } }));
    expect(record?.["responseMs"]).toBe("-1.5");
  });
});
