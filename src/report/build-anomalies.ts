/** The report's anomalies, and which of them a flow or a service has. */
import { MAX_EVIDENCE_PACKETS } from "../limits.ts";
import type { Facts } from "../rules/facts.ts";
import type { Judgement } from "../rules/judge.ts";
import type { Finding, Rule, RuleGroup } from "../rules/rule.ts";
import { exactFilter } from "./exact-filter.ts";
import type { InstantOf } from "./instants.ts";
import type { Anomaly, PacketRef, ServiceName } from "./report.ts";

const NONE: readonly number[] = [];

/** Judgements as the report tells them, in their order. */
export function buildAnomalies(
  judgements: readonly Judgement[],
  facts: Facts,
  instantOf: InstantOf,
  sources: number,
): Anomaly[] {
  return judgements.map(({ rule, finding, severity }) => {
    const packets = evidence(finding.packets, finding.references ?? [], facts);
    return {
      rule: rule.id,
      severity,
      title: finding.title ?? rule.title,
      summary: finding.summary,
      cause: finding.cause ?? rule.cause,
      remedy: finding.remedy ?? rule.remedy,
      count: finding.count,
      firstAt: instantOf(finding.firstNs),
      lastAt: instantOf(finding.lastNs),
      flows: [...flowsOf(rule, finding, facts)],
      packets,
      displayFilter: exactFilter(finding.displayFilter, packets, sources),
    };
  });
}

/** Indexes of anomalies by flow id. */
export class AnomalyIndex {
  private readonly byFlow: FlowLists;
  private readonly byService: Map<ServiceName, number[]> = new Map();

  constructor(judgements: readonly Judgement[], facts: Facts) {
    this.byFlow = new FlowLists(facts.flows.length);
    for (const [index, { rule, finding }] of judgements.entries()) {
      const services = new Set<ServiceName>();
      for (const flow of flowsOf(rule, finding, facts)) {
        this.byFlow.push(flow, index);
        const service = facts.flows.at(flow)?.service;
        if (service !== undefined && rule.group !== "capture" && !isAboutOthers(rule)) services.add(service);
      }
      if (HEARTBEAT_RULES.includes(rule.id)) services.add("heartbeat");
      const own = GROUP_SERVICES[rule.group];
      if (own !== undefined) services.add(own);
      for (const service of services) push(this.byService, service, index);
    }
  }

  ofFlow(flow: number): readonly number[] {
    return this.byFlow.of(flow);
  }

  /** Those that concern the service. Faults of the capture itself concern none. */
  ofService(service: ServiceName): readonly number[] {
    return this.byService.get(service) ?? NONE;
  }
}

/** A short list for each flow. Most of a million flows share one of few lists, so that each has a number. */
class FlowLists {
  readonly #lists: (readonly number[])[] = [NONE];
  /** Number of each flow's list. */
  readonly #listOf: Int32Array;
  /** Number of the list that is another with one more at its end, by the other's number and what is added. */
  readonly #longer: Map<number, Map<number, number>> = new Map();

  constructor(flows: number) {
    this.#listOf = new Int32Array(flows);
  }

  of(flow: number): readonly number[] {
    return this.#lists[this.#listOf[flow] ?? 0] ?? NONE;
  }

  push(flow: number, value: number): void {
    const before = this.#listOf[flow] ?? 0;
    const longer = this.#longer.get(before) ?? new Map<number, number>();
    this.#longer.set(before, longer);
    let number = longer.get(value);
    if (number === undefined) {
      number = this.#lists.push([...(this.#lists[before] ?? NONE), value]) - 1;
      longer.set(value, number);
    }
    this.#listOf[flow] = number;
  }
}

/** Rules about the agent's signs of life, which are a service of their own. */
const HEARTBEAT_RULES: readonly string[] = ["agent-silent", "heartbeat-stopped", "agent-not-ready"];

/** The agent's silence is shown by what other services do meanwhile: nothing is wrong with those. */
function isAboutOthers(rule: Rule): boolean {
  return rule.id === "agent-silent";
}

/** Groups of rules about one service, whose findings concern it with or without flows. */
const GROUP_SERVICES: Readonly<Partial<Record<RuleGroup, ServiceName>>> = {
  dns: "dns",
  dhcp: "dhcp",
  "health-probes": "health-probe",
};

/** Those of the finding; else those of its packets, unless they only stand for the whole capture. */
function flowsOf(rule: Rule, finding: Finding, facts: Facts): readonly number[] {
  if (finding.flows.length > 0 || rule.group === "capture") return finding.flows;
  const flows = finding.packets.map((index) => facts.packet(index).flow).filter((flow) => flow !== null);
  return [...new Set(flows)].sort((a, b) => a - b);
}

function push<Key>(lists: Map<Key, number[]>, key: Key, index: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [index]);
  else list.push(index);
}

function evidence(packets: readonly number[], references: readonly PacketRef[], facts: Facts): PacketRef[] {
  const named = packets.slice(0, MAX_EVIDENCE_PACKETS).map((index): PacketRef => {
    const { source, frame } = facts.packet(index);
    return { source, frame };
  });
  return [...named, ...references];
}
