/** What became better or worse between two reports, contract version 1: the source of the published schema. */
import type { ServiceName, ServiceVerdict, Severity } from "./report.ts";

/** How a thing changed; "other" is a change that is neither good nor bad, such as a service that is no longer seen. */
export type Change = "better" | "worse" | "same" | "other";

/** The whole comparison. */
export interface ReportDiff {
  schemaVersion: 1;
  tool: { name: "vipscope"; version: string };
  /** worse: at least one thing is, whatever became better. other: nothing is better or worse, yet something is not the same. */
  change: Change;
  before: DiffSide;
  after: DiffSide;
  services: ServiceDiff[];
  /** Most severe first. */
  anomalies: AnomalyDiff[];
  /** Ids of the rules that only one of the reports ran: their anomalies are not compared, and a service's verdict may differ for that alone. */
  rulesNotCompared: string[];
}

/** One of the two reports. */
export interface DiffSide {
  /** As the user gave it. */
  name: string;
  startedAt: string | null;
  durationMs: number | null;
  packets: number;
}

/** A service on both sides. */
export interface ServiceDiff {
  service: ServiceName;
  /** By its verdict; with the same verdict by its median, when that changed enough. */
  change: Change;
  /** Null when the report has no entry for it. */
  before: ServiceSide | null;
  after: ServiceSide | null;
}

export interface ServiceSide {
  verdict: ServiceVerdict;
  succeeded: number;
  failed: number;
  medianMs: number | null;
}

/** The anomalies of one rule at one place, on both sides. */
export interface AnomalyDiff {
  rule: string;
  title: string;
  /** The endpoints that it is about, such as "tcp/80" or "10.0.0.4:8080"; empty when it is about the whole capture. */
  where: string;
  change: Change;
  /** What changed about it. */
  what: "came" | "went" | "more-severe" | "less-severe" | "more-often" | "less-often" | "same";
  /** Null when it was not there. */
  before: AnomalySide | null;
  after: AnomalySide | null;
}

export interface AnomalySide {
  severity: Severity;
  count: number;
  summary: string;
}
