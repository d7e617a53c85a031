/**
 * Compares two reports. Flows and ports differ from capture to capture, so anomalies are the same when rule and place are; counts are
 * compared as they are, so both captures should take about as long.
 */

import { VERSION } from "../version.ts";
import type { Anomaly, Flow, RuleSelection, ServiceSummary, ServiceVerdict, Severity } from "./report.ts";
import type {
  AnomalyDiff,
  AnomalySide,
  Change,
  DiffSide,
  ReportDiff,
  ServiceDiff,
  ServiceSide,
} from "./report-diff.ts";
import { endpoint } from "./values.ts";

/** Part of a report that is compared. */
export interface ComparedReport {
  readonly capture: { readonly startedAt: string | null; readonly durationMs: number | null; readonly packets: number };
  readonly services: readonly ServiceSummary[];
  readonly flows: readonly Pick<Flow, "service" | "protocol" | "vm" | "platform">[];
  readonly anomalies: readonly Anomaly[];
  readonly ruleSelection: Pick<RuleSelection, "leftOut"> | null;
}

/** A median counts as changed when it is this many times as long or short, and by at least so many milliseconds: less is chance. */
const MEDIAN_FACTOR = 2;
const MEDIAN_DIFFERENCE_MS = 10;

const SEVERITIES: readonly Severity[] = ["critical", "warning", "notice"];
const VERDICTS: readonly ServiceVerdict[] = ["failing", "degraded", "healthy"];

/** What changed from `before` to `after`, each with its name. */
export function compareReports(
  [beforeName, before]: readonly [string, ComparedReport],
  [afterName, after]: readonly [string, ComparedReport],
): ReportDiff {
  const services = compareServices(before.services, after.services);
  const rulesNotCompared = leftOutOnce(before, after);
  const anomalies = compareAnomalies(
    placedAnomalies(before, rulesNotCompared),
    placedAnomalies(after, rulesNotCompared),
  );
  return {
    schemaVersion: 1,
    tool: { name: "vipscope", version: VERSION },
    change: overall([...services, ...anomalies].map((one) => one.change)),
    before: side(beforeName, before),
    after: side(afterName, after),
    services,
    anomalies,
    rulesNotCompared,
  };
}

function leftOutOnce(...reports: readonly ComparedReport[]): string[] {
  const leftOut = reports.flatMap(({ ruleSelection }) => ruleSelection?.leftOut ?? []);
  return leftOut.filter((rule) => leftOut.indexOf(rule) === leftOut.lastIndexOf(rule));
}

function overall(changes: readonly Change[]): Change {
  const order: readonly Change[] = ["worse", "better", "other", "same"];
  return order.find((change) => changes.includes(change)) ?? "same";
}

function side(name: string, { capture: { startedAt, durationMs, packets } }: ComparedReport): DiffSide {
  return { name, startedAt, durationMs, packets };
}

function compareServices(before: readonly ServiceSummary[], after: readonly ServiceSummary[]): ServiceDiff[] {
  const names = [...new Set([...before, ...after].map((one) => one.service))];
  return names.map((service) => {
    const [one, other] = [before, after].map((list) => sideOf(list.find((summary) => summary.service === service)));
    return { service, change: serviceChange(one ?? null, other ?? null), before: one ?? null, after: other ?? null };
  });
}

function sideOf(summary: ServiceSummary | undefined): ServiceSide | null {
  if (summary === undefined) return null;
  const { verdict, succeeded, failed, responseMs } = summary;
  return { verdict, succeeded, failed, medianMs: responseMs?.median ?? null };
}

/** A service that was not seen says nothing, but one that is seen to have faults now is worse. */
function serviceChange(before: ServiceSide | null, after: ServiceSide | null): Change {
  const [was, is] = [before?.verdict ?? "not-seen", after?.verdict ?? "not-seen"];
  if (is === "not-seen") return was === "not-seen" ? "same" : "other";
  if (was === "not-seen") return is === "healthy" ? "other" : "worse";
  const step = VERDICTS.indexOf(is) - VERDICTS.indexOf(was);
  if (step !== 0) return step > 0 ? "better" : "worse";
  return medianChange(before?.medianMs ?? null, after?.medianMs ?? null);
}

function medianChange(before: number | null, after: number | null): Change {
  if (before === null || after === null) return "same";
  const [short, long] = before < after ? [before, after] : [after, before];
  if (long < short * MEDIAN_FACTOR || long - short < MEDIAN_DIFFERENCE_MS) return "same";
  return after > before ? "worse" : "better";
}

/** Anomalies of one rule at one place, told as one. */
interface Placed extends AnomalySide {
  rule: string;
  title: string;
  where: string;
}

function placedAnomalies({ anomalies, flows }: ComparedReport, without: readonly string[]): Map<string, Placed> {
  const placed = new Map<string, Placed>();
  for (const { rule, title, severity, count, summary, flows: ids } of anomalies) {
    if (without.includes(rule)) continue;
    const where = placeOf(ids, flows);
    const key = `${rule} ${where}`;
    const known = placed.get(key);
    if (known === undefined) placed.set(key, { rule, title, where, severity, count, summary });
    else {
      known.count += count;
      if (rank(severity) < rank(known.severity)) known.severity = severity;
    }
  }
  return placed;
}

/** What was asked, not who asked: the platform's port, or the probed endpoint of the VM. */
function placeOf(ids: readonly number[], flows: ComparedReport["flows"]): string {
  const places = ids.flatMap((id) => {
    const flow = flows[id];
    if (flow === undefined) return [];
    if (flow.service === "health-probe") return [endpoint(flow.vm.address, flow.vm.port)];
    return [flow.platform.port === null ? flow.protocol : `${flow.protocol}/${flow.platform.port}`];
  });
  return [...new Set(places)].sort().join(" ");
}

function compareAnomalies(before: Map<string, Placed>, after: Map<string, Placed>): AnomalyDiff[] {
  const gone = new Map(before);
  const diffs: AnomalyDiff[] = [];
  for (const [key, one] of after) {
    const match = gone.has(key) ? key : keyOfSame(one, gone, after);
    diffs.push(...anomalyDiff(match === null ? null : (gone.get(match) ?? null), one));
    if (match !== null) gone.delete(match);
  }
  for (const one of gone.values()) diffs.push(...anomalyDiff(one, null));
  return diffs.sort((one, other) => rank(severityOf(one)) - rank(severityOf(other)));
}

/** The same rule at more places or fewer is the same anomaly, unless it has a better match. */
function keyOfSame(one: Placed, gone: Map<string, Placed>, after: Map<string, Placed>): string | null {
  const places = one.where.split(" ");
  for (const [key, { rule, where }] of gone) {
    if (rule === one.rule && !after.has(key) && where.split(" ").some((place) => places.includes(place))) return key;
  }
  return null;
}

function anomalyDiff(before: Placed | null, after: Placed | null): AnomalyDiff[] {
  const told = after ?? before;
  if (told === null) return [];
  const what = whatChanged(before, after);
  const { rule, title, where } = told;
  const change = isNotice(before) && isNotice(after) ? (what === "same" ? "same" : "other") : CHANGES[what];
  return [{ rule, title, where, change, what, before: anomalySide(before), after: anomalySide(after) }];
}

const CHANGES: Readonly<Record<AnomalyDiff["what"], Change>> = {
  came: "worse",
  went: "better",
  "more-severe": "worse",
  "less-severe": "better",
  "more-often": "worse",
  "less-often": "better",
  same: "same",
};

function whatChanged(before: Placed | null, after: Placed | null): AnomalyDiff["what"] {
  if (before === null) return "came";
  if (after === null) return "went";
  const step = rank(after.severity) - rank(before.severity);
  if (step !== 0) return step < 0 ? "more-severe" : "less-severe";
  if (after.count === before.count) return "same";
  return after.count > before.count ? "more-often" : "less-often";
}

/** Notices never make anything better or worse. */
function isNotice(one: Placed | null): boolean {
  return one === null || one.severity === "notice";
}

function anomalySide(one: Placed | null): AnomalySide | null {
  return one === null ? null : { severity: one.severity, count: one.count, summary: one.summary };
}

function severityOf({ before, after }: AnomalyDiff): Severity {
  return after?.severity ?? before?.severity ?? "notice";
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
