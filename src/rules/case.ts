/** Gathers what belongs to one cause, and gives it as a finding. */
import type { Severity } from "../report/report.ts";
import type { PacketFact } from "./facts.ts";
import { Ids } from "./ids.ts";
import type { Finding } from "./rule.ts";

/** What a rule says of a gathered case; texts are left out where the rule's own hold. */
export interface CaseTexts {
  summary: string;
  displayFilter: string;
  title?: string;
  severity?: Severity;
  cause?: string;
  remedy?: string;
}

/** One case under way: occurrences, flows, evidence and the time that they span. */
export class Case {
  count = 0;
  firstNs: number = Number.POSITIVE_INFINITY;
  lastNs: number = Number.NEGATIVE_INFINITY;
  readonly flows: Ids = new Ids();
  readonly packets: Ids = new Ids();

  /** One more occurrence, on `flow`, shown by `evidence`. */
  add(flow: number | null, evidence: Iterable<PacketFact>): void {
    this.count++;
    if (flow !== null) this.flows.add(flow);
    for (const packet of evidence) this.show(packet);
  }

  /** More evidence for what was added; its flow is one of the case's. */
  show(packet: PacketFact): void {
    if (packet.flow !== null) this.flows.add(packet.flow);
    this.packets.add(packet.index);
    this.firstNs = Math.min(this.firstNs, packet.atNs);
    this.lastNs = Math.max(this.lastNs, packet.atNs);
  }

  /** The finding; null when no packet shows it, for a claim without evidence is none. */
  finding(texts: CaseTexts): Finding | null {
    if (this.packets.size === 0) return null;
    return {
      ...texts,
      count: this.count,
      firstNs: this.firstNs,
      lastNs: this.lastNs,
      flows: this.flows.ascending(),
      packets: this.packets.ascending(),
    };
  }
}

/** The case of `key`, made when it is the first of that key. Insertion order is the order of first occurrence. */
export function caseOf<Key>(cases: Map<Key, Case>, key: Key): Case {
  let found = cases.get(key);
  if (found === undefined) {
    found = new Case();
    cases.set(key, found);
  }
  return found;
}
