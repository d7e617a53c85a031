/** The page's tables: headings and data of each list, which the page's script makes a table of. */
import { MAX_PAGE_ROWS } from "../../limits.ts";
import type { ReportView } from "../../report/report-view.ts";
import type { Rows } from "../../report/rows.ts";
import { count } from "../../report/values.ts";
import { dhcpTable } from "./dhcp-columns.ts";
import { dnsTable } from "./dns-columns.ts";
import { flowTable } from "./flow-columns.ts";
import { httpTable } from "./http-columns.ts";
import type { InstantReader } from "./instants.ts";
import { markup } from "./markup.ts";
import { probeTable } from "./probe-columns.ts";
import { scriptJson } from "./script-json.ts";
import type { ColumnContext, TableShape } from "./table-columns.ts";
import type { ColumnValues } from "./table-data.ts";
import { type GatheredRows, gatherRows } from "./table-rows.ts";

/** Values that are written at once. */
const SLICE_VALUES = 4096;

/** A table that the report has rows for. */
export interface PageTable {
  readonly id: string;
  readonly title: string;
  readonly rows: number;
  /** The text of its section, in pieces. */
  pieces(): Iterable<string>;
}

/** The tables with rows, in the page's order. */
export function pageTables(report: ReportView, instants: InstantReader): PageTable[] {
  const context: ColumnContext = {
    instants,
    sources: report.capture.sources.length,
    usualAddress: report.platform.addresses[0]?.address,
  };
  const time = { baseSeconds: instants.baseSeconds, fractionDigits: fractionDigits(report) };
  return [
    pageTable("flows", "Flows", report.flows, flowTable(context, report.anomalies), time),
    pageTable("dns", "DNS", report.dns.transactions, dnsTable(context), time),
    pageTable("dhcp", "DHCP", report.dhcp.exchanges, dhcpTable(context), time),
    pageTable("http", "HTTP", report.http.exchanges, httpTable(context), time),
    pageTable("probe-table", "Probed endpoints", report.probes, probeTable(), time),
  ].filter(({ rows }) => rows > 0);
}

function fractionDigits({ capture }: ReportView): number {
  return capture.startedAt === null ? 0 : capture.startedAt.length - "2026-01-02T03:04:05.Z".length;
}

function pageTable<Row>(
  id: string,
  title: string,
  list: Rows<Row>,
  shape: TableShape<Row>,
  time: { baseSeconds: number; fractionDigits: number },
): PageTable {
  return {
    id,
    title,
    rows: list.length,
    *pieces(): Iterable<string> {
      const left = list.length - MAX_PAGE_ROWS;
      yield markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title} <span class="amount">${count(list.length)}</span></h2>
${left > 0 && markup`<p class="quiet">${count(left)} rows are left out, those out of the ordinary last of all: --format json holds them all.</p>`}
<div class="rows" data-table="${id}"></div><noscript><p class="quiet">The rows are shown by the page’s own script, which does not run here.</p></noscript>
<script type="application/json" id="${id}-data">`.text;
      yield* dataPieces(gatherRows(list, shape), time);
      yield "</script>\n</section>\n";
    },
  };
}

/** The JSON of a `TableData`. */
function* dataPieces(
  { rows, odd, columns }: GatheredRows,
  { baseSeconds, fractionDigits }: { baseSeconds: number; fractionDigits: number },
): Iterable<string> {
  yield `{"rows":${rows},"baseSeconds":${baseSeconds},"fractionDigits":${fractionDigits},"odd":`;
  yield* listPieces(odd);
  yield `,"columns":[`;
  for (const [index, { head, values }] of columns.entries()) {
    yield `${index === 0 ? "" : ","}${scriptJson(head).slice(0, -1)},`;
    yield* valuePieces(values);
    yield "}";
  }
  yield "]}";
}

function* valuePieces(values: ColumnValues): Iterable<string> {
  if ("same" in values) yield `"same":${scriptJson(values.same)}`;
  else if ("each" in values) {
    yield `"each":`;
    yield* listPieces(values.each);
  } else {
    yield `"words":`;
    yield* listPieces(values.words);
    yield `,"at":`;
    yield* listPieces(values.at);
  }
}

function* listPieces(list: readonly unknown[]): Iterable<string> {
  yield "[";
  for (let start = 0; start < list.length; start += SLICE_VALUES) {
    const text = scriptJson(list.slice(start, start + SLICE_VALUES)).slice(1, -1);
    yield start === 0 ? text : `,${text}`;
  }
  yield "]";
}
