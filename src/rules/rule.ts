/** What a rule is: texts, and a pure function from facts to findings. One rule a file; `all.ts` lists them. */
import type { PacketRef, Severity } from "../report/report.ts";
import type { Facts } from "./facts.ts";
import type { Thresholds } from "./thresholds.ts";

/** One case that a rule found. Everything that is one cause on one service and endpoint is one finding. */
export interface Finding {
  /** This case, with its addresses, ports and counts; one or two sentences. */
  summary: string;
  /** When this case differs from the rule's own; else left out. */
  title?: string;
  severity?: Severity;
  cause?: string;
  remedy?: string;
  /** Occurrences. */
  count: number;
  firstNs: number;
  lastNs: number;
  /** Ids of the flows, ascending. */
  flows: readonly number[];
  /** The evidence: indexes in the packet table, ascending; or references for records that are not platform packets. */
  packets: readonly number[];
  references?: readonly PacketRef[];
  /** A Wireshark display filter that selects exactly the evidence within the capture. */
  displayFilter: string;
}

/** A rule of the catalogue. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** The likely cause, in general. */
  readonly cause: string;
  /** What to do, in general. */
  readonly remedy: string;
  /** For `explain`: how the packets show it, in words, with what would look the same and is not meant. */
  readonly detection: string;
  /** For `explain`: a command or place by which a person can confirm it on the VM or in the portal. */
  readonly confirm: string;
  /** Where the knowledge comes from: documentation title, RFC section, or the agent's source file. */
  readonly source: string;
  /** Its findings are of something that is missing until it comes again: no longer found, they are over, and were true all the same. */
  readonly absence?: true;
  /** Names of the thresholds it uses. */
  readonly thresholds: readonly (keyof Thresholds)[];
  /** Group heading in the table. */
  readonly group: RuleGroup;
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding>;
}

/** The catalogue's headings. */
export type RuleGroup = "source-and-path" | "connections" | "vm-agent" | "dns" | "dhcp" | "health-probes" | "capture";
