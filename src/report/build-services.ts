/** The report's answer for each service. */
import type { Judgement } from "../rules/judge.ts";
import { judgeServices } from "../service/verdicts.ts";
import type { AnomalyIndex } from "./build-anomalies.ts";
import { type InstantOf, tidyMs } from "./instants.ts";
import type { ServiceName, ServiceSummary } from "./report.ts";
import type { ReportSource } from "./report-source.ts";

/** One summary a service, in the report's order. */
export function buildServices(
  { services, tracker }: ReportSource,
  judgements: readonly Judgement[],
  anomalies: AnomalyIndex,
  instantOf: InstantOf,
): ServiceSummary[] {
  const faultsOf = (service: ServiceName) =>
    anomalies.ofService(service).flatMap((index) => {
      const judgement = judgements[index];
      if (judgement === undefined) return [];
      const { rule, finding, severity } = judgement;
      return [{ rule: rule.id, severity, title: finding.title ?? rule.title, lastNs: finding.lastNs }];
    });
  return judgeServices({ services, tables: tracker, faultsOf, instantOf }).map((record) => ({
    service: record.service,
    verdict: record.verdict,
    summary: record.summary,
    flows: record.flows,
    succeeded: record.succeeded,
    failed: record.failed,
    responseMs: tidyTimes(record.responseMs),
    anomalies: [...anomalies.ofService(record.service)],
  }));
}

function tidyTimes(times: ServiceSummary["responseMs"]): ServiceSummary["responseMs"] {
  if (times === null) return null;
  const { median, p95, max } = times;
  return { median: tidyMs(median) ?? median, p95: tidyMs(p95) ?? p95, max: tidyMs(max) ?? max };
}
