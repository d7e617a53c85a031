/** A comparison of two reports as text for people. */
import { SERVICE_TITLES } from "../report/headline.ts";
import type { AnomalyDiff, Change, DiffSide, ReportDiff, ServiceDiff, ServiceSide } from "../report/report-diff.ts";
import { count, counted, dateAndClock, shown, span } from "../report/values.ts";
import { tableLines } from "./text/layout.ts";

const HEADLINES: Readonly<Record<Change, string>> = {
  worse: "WORSE: something became worse.",
  better: "BETTER: nothing became worse.",
  other: "CHANGED: nothing became better or worse.",
  same: "SAME: nothing changed.",
};
const INDENT = 2;
/** Rules that are named where they cannot be compared. */
const NAMED_RULES = 5;

/** The answer, then anomalies and services that changed, then how much stayed. */
export function diffText(diff: ReportDiff): string {
  const anomalies = diff.anomalies.filter((one) => one.what !== "same");
  const services = diff.services.filter((one) => one.change !== "same");
  const same = diff.anomalies.length - anomalies.length;
  const lines = [
    HEADLINES[diff.change],
    "",
    ...sideLines(diff),
    ...(services.length === 0 ? [] : ["", "Services", ...serviceLines(services)]),
    ...(anomalies.length === 0 ? [] : ["", "Anomalies", ...anomalyLines(anomalies)]),
    ...notComparedLines(diff),
    ...(same === 0 ? [] : ["", `${counted(same, "anomaly is", "anomalies are")} as before.`]),
  ];
  return `${lines.join("\n")}\n`;
}

function sideLines({ before, after }: ReportDiff): string[] {
  const text = ({ name, startedAt, durationMs, packets }: DiffSide): string =>
    `${shown(name)} (${dateAndClock(startedAt)}, ${span(durationMs)}, ${counted(packets, "packet")})`;
  return [`  Before  ${text(before)}`, `  After   ${text(after)}`];
}

function notComparedLines({ rulesNotCompared }: ReportDiff): string[] {
  if (rulesNotCompared.length === 0) return [];
  const rules = counted(rulesNotCompared.length, "rule");
  const named = rulesNotCompared.length > NAMED_RULES ? "" : `: ${rulesNotCompared.map(shown).join(", ")}`;
  return ["", `Only one of the reports ran ${rules}, which cannot be compared${named}.`];
}

function serviceLines(services: readonly ServiceDiff[]): string[] {
  const columns = [
    { title: "Change" },
    { title: "Service" },
    { title: "Verdict" },
    { title: "Failed" },
    { title: "Median", flexible: true },
  ];
  const rows = services.map(({ service, change, before, after }) => [
    { text: change === "other" ? "changed" : change },
    { text: SERVICE_TITLES[service] },
    { text: fromTo(before, after, (side) => side?.verdict ?? "not-seen") },
    { text: fromTo(before, after, (side) => count(side?.failed ?? 0)) },
    { text: fromTo(before, after, (side) => span(side?.medianMs ?? null)) },
  ]);
  return tableLines(columns, rows, INDENT, (text) => text);
}

function fromTo(
  before: ServiceSide | null,
  after: ServiceSide | null,
  text: (side: ServiceSide | null) => string,
): string {
  const [was, is] = [text(before), text(after)];
  return was === is ? is : `${was} → ${is}`;
}

function anomalyLines(anomalies: readonly AnomalyDiff[]): string[] {
  const columns = [
    { title: "Change" },
    { title: "Severity" },
    { title: "Rule" },
    { title: "Where", flexible: true },
    { title: "Times" },
    { title: "What it says", flexible: true },
  ];
  const rows = anomalies.map(({ rule, title, where, what, before, after }) => {
    const severities = [...new Set([before?.severity, after?.severity])].filter((one) => one !== undefined);
    return [
      { text: what },
      { text: severities.join(" → ") },
      { text: rule },
      { text: where },
      { text: `${count(before?.count ?? 0)} → ${count(after?.count ?? 0)}` },
      { text: title },
    ];
  });
  return tableLines(columns, rows, INDENT, (text) => text);
}
