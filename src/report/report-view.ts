/** The report as outputs and the terminal UI take it: the contract's shape, with lists that may be views over the analysis' tables. */
import type { DhcpExchange, DnsTransaction, Flow, HttpExchange, ProbeSeries, Report } from "./report.ts";
import type { Rows } from "./rows.ts";

/** A `Report` is one; so is a snapshot of an analysis that still runs. Valid until the analysis goes on. */
export interface ReportView extends Omit<Report, "flows" | "dns" | "dhcp" | "http" | "probes"> {
  readonly flows: Rows<Flow>;
  readonly dns: { readonly transactions: Rows<DnsTransaction> };
  readonly dhcp: { readonly exchanges: Rows<DhcpExchange> };
  readonly http: { readonly exchanges: Rows<HttpExchange> };
  readonly probes: Rows<ProbeSeries>;
}

/** The plain report, keys in the order of the contract. */
export function materialize(view: ReportView): Report {
  return {
    schemaVersion: view.schemaVersion,
    tool: view.tool,
    capture: view.capture,
    platform: view.platform,
    services: view.services,
    flows: [...view.flows],
    dns: { transactions: [...view.dns.transactions] },
    dhcp: { exchanges: [...view.dhcp.exchanges] },
    http: { exchanges: [...view.http.exchanges] },
    probes: [...view.probes],
    manualTests: view.manualTests,
    anomalies: view.anomalies,
    limits: view.limits,
    ruleSelection: view.ruleSelection,
  };
}
