/** Every form of every shipped capture's report: they agree record for record, and hold no secret and no body. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze } from "../../src/analyzer.ts";
import { openCapture } from "../../src/capture/merge.ts";
import { OUTPUT_FORMS } from "../../src/output/all.ts";
import type { LiveEvent } from "../../src/report/events.ts";
import type { Report } from "../../src/report/report.ts";
import { DEFAULT_OPTIONS } from "../support/analyze.ts";
import { CAPTURES } from "../support/captures.ts";
import { csvRecords } from "../support/csv.ts";
import { outputOf } from "../support/text-sink.ts";

/** What the lab plants wherever the platform's agents have secrets. */
const PLANTED = /FAKE|sig=(?!REDACTED)/;
/** What only bodies hold: the agents' and the platform's documents. */
const BODIES =
  /<\?xml|<GoalState|<Health|<Versions|protectedSettings|inVMMetadata|BEGIN CERTIFICATE|extensionGoalStates/;

/** The forms of one capture by name; of a form with tables each table as "csv/flows". */
async function formsOf(path: string): Promise<Map<string, string>> {
  const analysis = await analyze((options) => openCapture([path], options), DEFAULT_OPTIONS);
  try {
    const report = analysis.finish();
    const packets = analysis.packetLines();
    const forms = new Map<string, string>();
    for (const form of OUTPUT_FORMS) {
      if (form.tables === undefined) forms.set(form.name, await outputOf(await form.load(), report, { packets }));
      for (const table of form.tables ?? []) {
        forms.set(`${form.name}/${table}`, await outputOf(await form.load(table), report, { packets }));
      }
    }
    return forms;
  } finally {
    analysis.close();
  }
}

/** The report's lists by the name of their CSV table. */
function listsOf(report: Report): Record<string, readonly object[]> {
  const { services, anomalies, flows, probes } = report;
  const { dns, dhcp, http } = report;
  return {
    services,
    anomalies,
    flows,
    dns: dns.transactions,
    dhcp: dhcp.exchanges,
    http: http.exchanges,
    probes,
  };
}

/** Columns that hold lists of objects as JSON. */
const JSON_COLUMNS: readonly string[] = ["answers", "messages", "transitions"];

/** What CSV must show under a title, which is the value's path. */
function cellOf(row: object, title: string): string | null {
  const value = title.split("_").reduce((at: unknown, name) => Object(at)[name] ?? null, row);
  if (value === null) return null;
  if (JSON_COLUMNS.includes(title)) return JSON.stringify(value);
  if (Array.isArray(value))
    return value.map((one) => (title === "packets" ? `${one.source}:${one.frame}` : one)).join(" ");
  return typeof value === "string" && /^[=+\-@]/.test(value) ? `'${value}` : String(value);
}

function csvLists(forms: Map<string, string>): Record<string, readonly object[]> {
  const tables = [...forms].filter(([name]) => name.startsWith("csv/"));
  return Object.fromEntries(tables.map(([name, text]) => [name.slice("csv/".length), csvRecords(text)]));
}

function eventLists(text: string): Record<string, readonly object[]> {
  const events: LiveEvent[] = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  return {
    anomalies: events.flatMap((one) => (one.event === "anomaly-raised" ? one.anomaly : [])),
    flows: events.flatMap((one) => (one.event === "flow-closed" ? one.flow : [])),
    dns: events.flatMap((one) => (one.event === "dns" ? one.transaction : [])),
    dhcp: events.flatMap((one) => (one.event === "dhcp" ? one.exchange : [])),
    http: events.flatMap((one) => (one.event === "http" ? one.exchange : [])),
    transitions: events.flatMap((one) =>
      one.event === "probe-transition" ? { at: one.at, vm: one.vm, to: one.to } : [],
    ),
  };
}

test("the captures hold what must not come out", () => {
  expect(readFileSync("captures/secrets-in-capture.pcap", "latin1")).toMatch(PLANTED);
  expect(readFileSync("captures/healthy-boot.pcapng", "latin1")).toMatch(BODIES);
});

test.each(CAPTURES)("%s says the same in ndjson, csv and json, and no secret in any form", async (path) => {
  const forms = await formsOf(path);
  const report: Report = JSON.parse(forms.get("json") ?? "");
  const { services, probes, ...lists } = listsOf(report);
  const transitions = report.probes.flatMap(({ vm, transitions: all }) => all.map(({ at, to }) => ({ at, vm, to })));
  expect(eventLists(forms.get("ndjson") ?? "")).toEqual({ ...lists, transitions });
  for (const [table, records] of Object.entries(csvLists(forms))) {
    const rows = { services, probes, ...lists }[table] ?? [];
    const titles = Object.keys(records[0] ?? {});
    const expected = rows.map((row) => Object.fromEntries(titles.map((title) => [title, cellOf(row, title)])));
    expect(records).toEqual(expected);
  }
  const telling = [...forms].filter(([, text]) => PLANTED.test(text) || BODIES.test(text)).map(([name]) => name);
  expect(telling).toEqual([]);
});
