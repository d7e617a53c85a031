/** Every output form, in the order in which help shows them. The first is the default. */
import type { OutputForm } from "./form.ts";
import { writeJson } from "./json.ts";
import { writeText } from "./text.ts";

export const OUTPUT_FORMS: readonly OutputForm[] = [
  {
    name: "text",
    summary: "what a person reads in a ticket",
    load: async () => writeText,
  },
  {
    name: "json",
    summary: "the whole report for programs, by the published schema",
    load: async () => writeJson,
  },
  {
    name: "html",
    summary: "one page for a post-mortem, with time line, ladders and tables",
    load: async () => (await import("./html.ts")).writeHtml,
  },
  {
    name: "ndjson",
    summary: "one flow, transaction or anomaly a line, as `live` tells them",
    load: async () => (await import("./ndjson.ts")).writeNdjson,
  },
  {
    name: "csv",
    summary: "one file a table, for spreadsheets and databases",
    tables: ["services", "anomalies", "flows", "dns", "dhcp", "http", "probes"],
    ending: "csv",
    load: async (table) => (await import("./csv.ts")).csvWriter(table),
  },
  {
    name: "markdown",
    summary: "verdict, faults and services, for an issue or a chat",
    load: async () => (await import("./markdown.ts")).writeMarkdown,
  },
];
