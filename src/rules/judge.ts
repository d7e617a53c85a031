/** Runs the rules over the facts, and leaves out what another finding explains. */
import type { Severity } from "../report/report.ts";
import { pickedRows, type Rows } from "../report/rows.ts";
import { EXPLANATIONS, type Explanation } from "./explains.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { FlowSet } from "./flow-set.ts";
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
  const explainedBy = new Map<Explanation, FlowSet>();
  for (const rule of explainingFirst(rules, explanations)) {
    const explaining = explanations.filter((one) => one.explained.includes(rule.id) && found.has(one.rule));
    for (const one of explaining) {
      if (!explainedBy.has(one)) explainedBy.set(one, explainedFlows(one, facts, found.get(one.rule) ?? []));
    }
    const explained = unionOf(explaining.flatMap((one) => explainedBy.get(one) ?? []));
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

/** The flows whose faults these findings explain. */
function explainedFlows({ scope }: Explanation, facts: Facts, findings: readonly Finding[]): FlowSet {
  const flows = new FlowSet(facts.flows.length);
  const services = new Set<string>();
  const endpoints = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const id of finding.flows) {
      flows.add(id);
      const flow = scope === "flows" ? undefined : facts.flows.at(id);
      if (flow === undefined) continue;
      if (scope === "service") services.add(flow.service);
      else noteFinding(endpoints, vmEndpoint(flow), finding);
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

/** Findings of one endpoint follow one another, so that looking at the last tells whether it is known. */
function noteFinding(endpoints: Map<string, Finding[]>, endpoint: string, finding: Finding): void {
  const findings = endpoints.get(endpoint);
  if (findings === undefined) endpoints.set(endpoint, [finding]);
  else if (findings.at(-1) !== finding) findings.push(finding);
}

function vmEndpoint({ vmAddress, vmPort }: FlowFact): string {
  return `${vmAddress} ${vmPort}`;
}

/** Ids of flows that are explained, in one set or in several. */
interface IdSet {
  readonly size: number;
  has(flow: number): boolean;
}

function unionOf(sets: readonly IdSet[]): IdSet {
  const size = sets.reduce((sum, one) => sum + one.size, 0);
  return { size, has: (flow) => sets.some((one) => one.has(flow)) };
}

/** A finding that stands on explained flows alone. One without flows, such as an absence, is explained by nothing here. */
function isExplained(finding: Finding, explained: IdSet): boolean {
  return finding.flows.length > 0 && finding.flows.every((flow) => explained.has(flow));
}

/** The same facts, but what is out of the ordinary on `flows` is not listed. All rows stay where their ids say. */
function withoutFlows(facts: Facts, flows: IdSet): Facts {
  return {
    capture: facts.capture,
    platform: facts.platform,
    flows: facts.flows,
    notableFlows: rowsWithout(facts.notableFlows, (flow) => flows.has(flow.id)),
    dns: facts.dns,
    notableDns: rowsWithout(facts.notableDns, (one) => flows.has(one.flow)),
    dnsMismatches: facts.dnsMismatches,
    dhcp: facts.dhcp,
    http: facts.http,
    notableHttp: rowsWithout(facts.notableHttp, (one) => flows.has(one.flow)),
    probes: facts.probes,
    icmpErrors: facts.icmpErrors,
    translatedFlows: facts.translatedFlows,
    packetsOf: (flow) => facts.packetsOf(flow),
    packet: (index) => facts.packet(index),
  };
}

/** The rows that are not such: by their places, so that none is kept. */
function rowsWithout<Row>(rows: Rows<Row>, is: (row: Row) => boolean): Rows<Row> {
  const kept = new Uint32Array(rows.length);
  let count = 0;
  let place = 0;
  for (const row of rows) {
    if (!is(row)) kept[count++] = place;
    place++;
  }
  return pickedRows(kept.subarray(0, count), (at) => rows.at(at) as Row); // each place is one of `rows`
}

function compareJudgements(a: Judgement, b: Judgement): number {
  return SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] || a.finding.firstNs - b.finding.firstNs;
}
