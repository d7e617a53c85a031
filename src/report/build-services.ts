import type { AnomalyIndex } from "./build-anomalies.ts";
import type { ServiceSummary } from "./report.ts";
import type { ReportSource } from "./report-source.ts";

export function buildServices(_source: ReportSource, _anomalies: AnomalyIndex): ServiceSummary[] {
  return [];
}
