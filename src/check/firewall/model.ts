/**
 * A packet filter as data, and which of its rules a packet would meet. It is the part of iptables and nftables that decides over the
 * platform's traffic: whatever else a rule asks for is "unknown", and such a rule may or may not apply.
 */

import { MAX_FOLLOWED_RULES } from "../../limits.ts";

/** A packet of the platform's traffic, as a filter on the VM sees it. */
export interface FilteredPacket {
  direction: "outbound" | "inbound";
  protocol: "tcp" | "udp";
  source: string;
  destination: string;
  /** Null: any that a client would choose. */
  sourcePort: number | null;
  destinationPort: number | null;
  /** Of connection tracking: the first packet of a connection, or its answer. */
  state: "new" | "established";
  /** Who sent it; null when it is not this machine's. */
  uid: number | null;
  /** The NIC that it leaves or comes by; null when not known. */
  interface: string | null;
}

/** Whether a condition holds for a packet; null when that cannot be told. */
export type Condition = (packet: FilteredPacket) => boolean | null;

/** What a rule does with what it applies to. `other`: counts, logs, marks: the packet goes on. */
export type Action =
  | { kind: "accept" | "drop" | "reject" | "redirect" | "return" | "other" }
  | { kind: "jump"; chain: string; returns: boolean };

/** One rule. */
export interface FilterRule {
  conditions: readonly Condition[];
  action: Action;
  /** In its program's own words. */
  text: string;
  /** The command that takes it away. */
  removal: string;
}

/** One chain. */
export interface FilterChain {
  name: string;
  rules: readonly FilterRule[];
  /** Null for a chain that the kernel does not enter by itself. */
  base: { direction: FilteredPacket["direction"]; drops: boolean } | null;
}

/** Chains that can jump to each other. Several tables judge a packet one after the other, and each can drop it. */
export interface FilterTable {
  /** Such as "iptables filter" or "nft inet firewall". */
  name: string;
  chains: readonly FilterChain[];
  /** The command that lets a packet pass before all rules of a base chain. */
  allowance: (chain: FilterChain, packet: FilteredPacket) => string;
}

/** A rule, or the policy of a chain, that stops or turns a packet. */
export interface Hit {
  effect: "drops" | "rejects" | "redirects" | "may-drop";
  place: string;
  text: string;
  command: string;
}

/** Chains that one packet is followed through; a loop of jumps, which the kernel would refuse, ends there. */
const MAX_DEPTH = 16;

/** What a walk through a chain came to; `end`: its end was reached, or a rule returned. */
type Fate = "accepted" | "stopped" | "end";

/** One packet on its way through the chains of a table. */
interface Walk {
  readonly table: FilterTable;
  readonly packet: FilteredPacket;
  readonly hits: Hit[];
  /** Rules that may still be looked at: chains that jump to each other often multiply them. */
  rulesLeft: number;
}

/** What in these tables stops or turns the packet, as far as it is followed: the first certain hit of each table is its last. */
export function hitsOf(tables: readonly FilterTable[], packet: FilteredPacket): Hit[] {
  return tables.flatMap((table) => {
    const bases = table.chains.filter((chain) => chain.base?.direction === packet.direction);
    return bases.flatMap((chain) => hitsIn(table, chain, packet));
  });
}

function hitsIn(table: FilterTable, base: FilterChain, packet: FilteredPacket): Hit[] {
  const hits: Hit[] = [];
  const way: Walk = { table, packet, hits, rulesLeft: MAX_FOLLOWED_RULES };
  const fate = walk(way, base, true, 0);
  const place = `${table.name} ${base.name}`;
  if (way.rulesLeft === 0) {
    const text = `more than the ${MAX_FOLLOWED_RULES} rules that are followed`;
    hits.push({ effect: "may-drop", place, text, command: table.allowance(base, packet) });
  } else if (fate === "end" && base.base?.drops === true) {
    const text = `the policy of chain ${base.name} is to drop`;
    hits.push({ effect: "drops", place, text, command: table.allowance(base, packet) });
  }
  return hits;
}

/** Follows a packet through a chain; `isCertain` is false below a rule that may not apply. */
function walk(way: Walk, chain: FilterChain, isCertain: boolean, depth: number): Fate {
  const { table, packet, hits } = way;
  for (const rule of chain.rules) {
    if (way.rulesLeft === 0) return "end";
    way.rulesLeft--;
    const answers = rule.conditions.map((condition) => condition(packet));
    if (answers.includes(false)) continue;
    const applies = isCertain && !answers.includes(null);
    const { action } = rule;
    if (action.kind === "jump") {
      const next = table.chains.find((one) => one.name === action.chain);
      const fate = next === undefined || depth >= MAX_DEPTH ? "end" : walk(way, next, applies, depth + 1);
      if (fate !== "end" && applies) return fate;
      if (applies && !action.returns) return "end";
      continue;
    }
    const effect = effectOf(action.kind, applies);
    if (effect !== null)
      hits.push({ effect, place: `${table.name} ${chain.name}`, text: rule.text, command: rule.removal });
    if (!applies || action.kind === "other") continue;
    if (action.kind === "return") return "end";
    return effect === "drops" || effect === "rejects" ? "stopped" : "accepted";
  }
  return "end";
}

function effectOf(
  kind: "accept" | "drop" | "reject" | "redirect" | "return" | "other",
  applies: boolean,
): Hit["effect"] | null {
  switch (kind) {
    case "drop":
      return applies ? "drops" : "may-drop";
    case "reject":
      return applies ? "rejects" : "may-drop";
    case "redirect":
      return applies ? "redirects" : null;
    case "accept":
    case "return":
    case "other":
      return null;
    default:
      return kind satisfies never;
  }
}
