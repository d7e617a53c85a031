/** The catalogue for people and programs: the table of `rules`, and the page of `explain`. */

import { wrapTo } from "../bytes/text-columns.ts";
import { severityColour } from "../output/text/anomalies.ts";
import { labelledAdvice, tableLines } from "../output/text/layout.ts";
import { ANSI_PAINT, NO_PAINT } from "../output/text/paint.ts";
import { RULES } from "../rules/all.ts";
import { EXPLANATIONS } from "../rules/explains.ts";
import type { Rule, RuleGroup } from "../rules/rule.ts";
import { DEFAULT_THRESHOLDS } from "../rules/thresholds.ts";
import { selectRules } from "../settings/rule-selection.ts";
import { UsageError } from "../settings/usage-error.ts";

const INDENT = 2;
const LABEL_COLUMNS = 12;

const GROUP_TITLES: Readonly<Record<RuleGroup, string>> = {
  "source-and-path": "Source and path",
  connections: "Connections",
  "vm-agent": "VM agent",
  dns: "DNS",
  dhcp: "DHCP",
  "health-probes": "Health probes",
  capture: "The capture itself",
};

/** The whole catalogue in one of the forms "text", "markdown" and "json". */
export function rulesText(format: string, colour: boolean): string {
  switch (format) {
    case "text":
      return rulesTable(colour);
    case "markdown":
      return rulesMarkdown();
    case "json":
      return `${JSON.stringify(RULES.map(ruleData), null, 2)}\n`;
    default:
      throw new UsageError("unknown-format", `there is no form "${format}" of the rules`, "text, markdown or json");
  }
}

/** What there is to know of one rule. */
export function explainText(id: string, colour: boolean): string {
  const paint = colour ? ANSI_PAINT : NO_PAINT;
  const [rule] = selectRules(RULES, [id], []);
  if (rule === undefined) return "";
  const section = (label: string, text: string): string[] => labelledAdvice(label, text, INDENT, LABEL_COLUMNS);
  const lines = [
    `${paint.strong(rule.id)}  ${severityColour(rule.severity, paint)(rule.severity.toUpperCase())}  ${GROUP_TITLES[rule.group]}`,
    ...wrapTo(`${rule.title}.`, 100),
    "",
    ...section("Cause", rule.cause),
    ...section("Detected", rule.detection),
    ...rule.thresholds.flatMap((name, index) =>
      section(index === 0 ? "Thresholds" : "", `${name} = ${DEFAULT_THRESHOLDS[name]}`),
    ),
    ...section("Confirm", rule.confirm),
    ...section("Remedy", rule.remedy),
    ...section("Explains", explainedBy(rule)),
    ...section("Source", rule.source),
  ];
  return `${lines.join("\n")}\n`;
}

function explainedBy(rule: Rule): string {
  const explained = EXPLANATIONS.filter((one) => one.rule === rule.id).flatMap((one) => one.explained);
  return explained.length === 0
    ? "no other finding"
    : `${explained.join(", ")}, where they are found on the same traffic`;
}

function rulesTable(colour: boolean): string {
  const paint = colour ? ANSI_PAINT : NO_PAINT;
  const columns = [{ title: "Rule" }, { title: "Severity" }, { title: "What it says", flexible: true }];
  const groups = Object.entries(GROUP_TITLES).map(([group, title]) => {
    const rows = RULES.filter((rule) => rule.group === group).map((rule) => [
      { text: rule.id },
      { text: rule.severity, colouring: severityColour(rule.severity, paint) },
      { text: rule.title },
    ]);
    return [paint.strong(title), ...tableLines(columns, rows, INDENT, paint.faint)].join("\n");
  });
  return `${groups.join("\n\n")}\n\n${RULES.length} rules. vipscope explain RULE tells more.\n`;
}

function rulesMarkdown(): string {
  const rows = RULES.map((rule) => `| \`${rule.id}\` | ${rule.severity} | ${rule.title.replaceAll("|", "\\|")} |`);
  return ["| rule | severity | what it says |", "|---|---|---|", ...rows, ""].join("\n");
}

function ruleData(rule: Rule): Record<string, unknown> {
  const { id, group, severity, title, cause, remedy, detection, confirm, source } = rule;
  const thresholds = Object.fromEntries(rule.thresholds.map((name) => [name, DEFAULT_THRESHOLDS[name]]));
  return { id, group, severity, title, cause, remedy, detection, confirm, thresholds, source };
}
