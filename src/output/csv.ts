/** The report as CSV, one file a table. */
import type { ReportView } from "../report/report-view.ts";
import type { Rows } from "../report/rows.ts";
import { ChunkWriter } from "./chunk-writer.ts";
import { csvLine } from "./csv/cells.ts";
import {
  ANOMALY_COLUMNS,
  type Columns,
  DHCP_COLUMNS,
  DNS_COLUMNS,
  FLOW_COLUMNS,
  HTTP_COLUMNS,
  PROBE_COLUMNS,
  SERVICE_COLUMNS,
} from "./csv/tables.ts";
import type { WriteOutput } from "./form.ts";

/** What writes each table, by its name. */
const WRITERS: Readonly<Record<string, WriteOutput>> = {
  services: tableWriter(SERVICE_COLUMNS, (report) => report.services),
  anomalies: tableWriter(ANOMALY_COLUMNS, (report) => report.anomalies),
  flows: tableWriter(FLOW_COLUMNS, (report) => report.flows),
  dns: tableWriter(DNS_COLUMNS, (report) => report.dns.transactions),
  dhcp: tableWriter(DHCP_COLUMNS, (report) => report.dhcp.exchanges),
  http: tableWriter(HTTP_COLUMNS, (report) => report.http.exchanges),
  probes: tableWriter(PROBE_COLUMNS, (report) => report.probes),
};

/** The writer of the table of this name. */
export function csvWriter(table: string): WriteOutput {
  const write = WRITERS[table];
  if (write === undefined) throw new RangeError(`there is no table ${table}`);
  return write;
}

/** A line of titles, then a line for each row. */
function tableWriter<Row>(columns: Columns<Row>, rowsOf: (report: ReportView) => Rows<Row>): WriteOutput {
  return async ({ report }, sink) => {
    const out = new ChunkWriter(sink);
    out.text(csvLine(columns.map(([title]) => title)));
    for (const row of rowsOf(report)) {
      out.text(csvLine(columns.map(([, cell]) => cell(row))));
      if (out.full) await out.flush();
    }
    await out.flush();
  };
}
