/** A rule that finds more cases than anyone reads tells the last of them together, so that a flood of one kind hides no other. */
import { MAX_FINDINGS_OF_RULE } from "../limits.ts";
import { ascendingOnce } from "./ids.ts";
import type { Finding } from "./rule.ts";

/** The findings as they are, or the first MAX_FINDINGS_OF_RULE - 1 of them and one for all others. */
export function mergedFindings(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_FINDINGS_OF_RULE) return findings;
  const kept = findings.slice(0, MAX_FINDINGS_OF_RULE - 1);
  return [...kept, merged(findings.slice(MAX_FINDINGS_OF_RULE - 1))];
}

function merged(findings: readonly Finding[]): Finding {
  let count = 0;
  let firstNs = Number.POSITIVE_INFINITY;
  let lastNs = Number.NEGATIVE_INFINITY;
  for (const finding of findings) {
    count += finding.count;
    firstNs = Math.min(firstNs, finding.firstNs);
    lastNs = Math.max(lastNs, finding.lastNs);
  }
  return {
    summary: `${findings.length} further cases of this kind, told together; the first: ${findings[0]?.summary ?? ""}`,
    count,
    firstNs,
    lastNs,
    flows: ascendingOnce(findings.map(({ flows }) => flows)),
    packets: ascendingOnce(findings.map(({ packets }) => packets)),
    references: findings.flatMap(({ references }) => references ?? []),
    displayFilter: commonFilter(findings.map(({ displayFilter }) => displayFilter)),
  };
}

/** The conditions that all filters have in common: what the evidence of each is among. */
function commonFilter(filters: readonly string[]): string {
  let common: string[] | null = null;
  for (const filter of filters) {
    const conditions = /\|\|/.test(filter) ? [filter] : filter.split(" && ");
    common = common === null ? conditions : common.filter((condition) => conditions.includes(condition));
  }
  return common === null || common.length === 0 ? "frame" : common.join(" && ");
}
