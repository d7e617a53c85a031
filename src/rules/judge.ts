/** Runs the rules over the facts, and leaves out what another finding explains. */
import type { Severity } from "../report/report.ts";
import { EXPLANATIONS, type Explanation } from "./explains.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { mergedFindings } from "./merged-findings.ts";
import type { Finding, Rule } from "./rule.ts";
import type { Thresholds } from "./thresholds.ts";

/** A finding and the rule that made it. */
export interface Judgement {
  readonly rule: Rule;
  readonly finding: Finding;
  readonly severity: Severity;
}

const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, notice: 2 };

/** All findings: most severe first, then by first evidence, then in the order of the rules. */
export function judge(
  facts: Facts,
  rules: readonly Rule[],
  thresholds: Thresholds,
  explanations: readonly Explanation[] = EXPLANATIONS,
): Judgement[] {
  const found = new Map<string, readonly Finding[]>();
  for (const rule of explainingFirst(rules, explanations)) {
    const explained = explainedFlows(rule.id, facts, found, explanations);
    const seen = explained.size === 0 ? facts : withoutFlows(facts, explained);
    const findings = [...rule.find(seen, thresholds)];
    found.set(
      rule.id,
      findings.filter((finding) => !isExplained(finding, explained)),
    );
  }
  const judgements = rules.flatMap((rule) =>
    mergedFindings(found.get(rule.id) ?? []).map((finding) => ({
      rule,
      finding,
      severity: finding.severity ?? rule.severity,
    })),
  );
  return judgements.sort(compareJudgements);
}

/** The rules in an order in which whatever explains comes before what it explains; else their own order. */
export function explainingFirst(rules: readonly Rule[], explanations: readonly Explanation[]): Rule[] {
  const ordered: Rule[] = [];
  const entered = new Set<string>();
  const enter = (rule: Rule): void => {
    if (entered.has(rule.id)) return;
    entered.add(rule.id);
    for (const { rule: cause, explained } of explanations) {
      if (!explained.includes(rule.id)) continue;
      const explaining = rules.find((one) => one.id === cause);
      if (explaining !== undefined) enter(explaining);
    }
    ordered.push(rule);
  };
  for (const rule of rules) enter(rule);
  return ordered;
}

/** Ids of the flows whose faults of this rule's kind are explained by findings so far. */
function explainedFlows(
  rule: string,
  facts: Facts,
  found: ReadonlyMap<string, readonly Finding[]>,
  explanations: readonly Explanation[],
): Set<number> {
  const flows = new Set<number>();
  const services = new Set<string>();
  const endpoints = new Map<string, Finding[]>();
  for (const explanation of explanations) {
    if (!explanation.explained.includes(rule)) continue;
    for (const finding of found.get(explanation.rule) ?? []) {
      const facing = finding.flows.map((flow) => facts.flows.at(flow)).filter((flow) => flow !== undefined);
      for (const flow of facing) flows.add(flow.id);
      if (explanation.scope === "service") for (const flow of facing) services.add(flow.service);
      if (explanation.scope !== "endpoint") continue;
      for (const endpoint of new Set(facing.map(vmEndpoint))) {
        const findings = endpoints.get(endpoint);
        if (findings === undefined) endpoints.set(endpoint, [finding]);
        else findings.push(finding);
      }
    }
  }
  if (services.size + endpoints.size === 0) return flows;
  for (const flow of facts.notableFlows) {
    const isOpenDuring = ({ firstNs, lastNs }: Finding): boolean => flow.endedNs >= firstNs && flow.startedNs <= lastNs;
    const explains = services.has(flow.service) || endpoints.get(vmEndpoint(flow))?.some(isOpenDuring);
    if (explains === true) flows.add(flow.id);
  }
  return flows;
}

function vmEndpoint({ vmAddress, vmPort }: FlowFact): string {
  return `${vmAddress} ${vmPort}`;
}

/** A finding that stands on explained flows alone. One without flows, such as an absence, is explained by nothing here. */
function isExplained(finding: Finding, explained: ReadonlySet<number>): boolean {
  return finding.flows.length > 0 && finding.flows.every((flow) => explained.has(flow));
}

/** The same facts, but what is out of the ordinary on `flows` is not listed. All rows stay where their ids say. */
function withoutFlows(facts: Facts, flows: ReadonlySet<number>): Facts {
  return {
    capture: facts.capture,
    platform: facts.platform,
    flows: facts.flows,
    notableFlows: [...facts.notableFlows].filter((flow) => !flows.has(flow.id)),
    dns: facts.dns,
    notableDns: [...facts.notableDns].filter((one) => !flows.has(one.flow)),
    dnsMismatches: facts.dnsMismatches,
    dhcp: facts.dhcp,
    http: facts.http,
    notableHttp: [...facts.notableHttp].filter((one) => !flows.has(one.flow)),
    probes: facts.probes,
    icmpErrors: facts.icmpErrors,
    translatedFlows: facts.translatedFlows,
    packetsOf: (flow) => facts.packetsOf(flow),
    packet: (index) => facts.packet(index),
  };
}

function compareJudgements(a: Judgement, b: Judgement): number {
  return SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] || a.finding.firstNs - b.finding.firstNs;
}
