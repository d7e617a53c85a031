import type { Facts } from "../../src/rules/facts.ts";
import type { Rule } from "../../src/rules/rule.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "../../src/rules/thresholds.ts";

/** What a rule finds, without its long texts: summary, severity, evidence and flows of each case. */
export function found(
  rule: Rule,
  facts: Facts,
  over: Partial<Thresholds> = {},
): { summary: string; severity: string; count: number; packets: readonly number[]; flows: readonly number[] }[] {
  return [...rule.find(facts, { ...DEFAULT_THRESHOLDS, ...over })].map((finding) => ({
    summary: finding.summary,
    severity: finding.severity ?? rule.severity,
    count: finding.count,
    packets: finding.packets,
    flows: finding.flows,
  }));
}
