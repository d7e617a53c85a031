/** Rules of iptables, from what `iptables-save` writes: tables, chains with their policies, and rules as command lines. */

import {
  addressIn,
  interfaceIs,
  not,
  parseNetwork,
  parseRange,
  portIn,
  protocolIn,
  stateIn,
  UNKNOWN,
  uidIn,
} from "./conditions.ts";
import type { Action, Condition, FilterChain, FilterRule, FilterTable } from "./model.ts";

/** Chains that the kernel enters with what the VM sends, and with what comes to it. FORWARD is for others' packets. */
const BASE_CHAINS: Readonly<Record<string, "outbound" | "inbound">> = {
  OUTPUT: "outbound",
  POSTROUTING: "outbound",
  PREROUTING: "inbound",
  INPUT: "inbound",
};

/** Options that choose nothing by themselves: modules to load, comments, and how a target does its work. */
const SILENT_OPTIONS: ReadonlySet<string> = new Set(["-m", "--match", "--reject-with", "-c", "--set-counters"]);

/** The tables of the text. `program` is whose words they are: "iptables" or "ip6tables". */
export function parseIptablesSave(text: string, program: string): FilterTable[] {
  const tables: { name: string; chains: Map<string, { base: FilterChain["base"]; rules: FilterRule[] }> }[] = [];
  for (const line of text.split("\n")) {
    const current = tables.at(-1);
    if (line.startsWith("*")) tables.push({ name: line.slice(1).trim(), chains: new Map() });
    else if (current === undefined) continue;
    else if (line.startsWith(":")) {
      const [name = "", policy = "-"] = line.slice(1).split(" ");
      const direction = policy === "-" ? undefined : BASE_CHAINS[name];
      const base = direction === undefined ? null : { direction, drops: policy === "DROP" };
      current.chains.set(name, { base, rules: [] });
    } else if (line.startsWith("-A ")) {
      const words = splitWords(line);
      current.chains.get(words[1] ?? "")?.rules.push(parseRule(words.slice(2), line, `${program} -t ${current.name}`));
    }
  }
  return tables.map(({ name, chains }) => ({
    name: `${program} ${name}`,
    chains: [...chains].map(([chain, { base, rules }]) => ({ name: chain, base, rules })),
    allowance: (chain, packet) => {
      const isOut = packet.direction === "outbound";
      const [side, address] = isOut ? ["-d", packet.destination] : ["-s", packet.source];
      const port = isOut ? `--dport ${packet.destinationPort}` : `--sport ${packet.sourcePort}`;
      return `${program} -t ${name} -I ${chain.name} ${side} ${address} -p ${packet.protocol} ${port} -j ACCEPT`;
    },
  }));
}

function parseRule(words: readonly string[], line: string, command: string): FilterRule {
  const conditions: Condition[] = [];
  let action: Action = { kind: "other" };
  for (let at = 0; at < words.length; at++) {
    const isNot = words[at] === "!";
    if (isNot) at++;
    const option = words[at] ?? "";
    if (option === "-j" || option === "--jump" || option === "-g" || option === "--goto") {
      action = actionOf(words[++at] ?? "", option.startsWith("-j") || option === "--jump");
      // What follows belongs to the target.
      if (action.kind !== "jump") break;
      continue;
    }
    if (option === "--comment") {
      // Free text, which may look like an option.
      at++;
      continue;
    }
    const values: string[] = [];
    while (at + 1 < words.length && !/^(-|!$)/.test(words[at + 1] ?? "")) values.push(words[++at] ?? "");
    if (SILENT_OPTIONS.has(option)) continue;
    const condition = conditionOf(option, values[0] ?? "");
    conditions.push(isNot ? not(condition) : condition);
  }
  return { conditions, action, text: line, removal: `${command} ${line.replace(/^-A /, "-D ")}` };
}

function actionOf(target: string, returns: boolean): Action {
  switch (target) {
    case "ACCEPT":
      return { kind: "accept" };
    case "DROP":
      return { kind: "drop" };
    case "REJECT":
      return { kind: "reject" };
    case "RETURN":
      return { kind: "return" };
    case "DNAT":
    case "REDIRECT":
    case "TPROXY":
      return { kind: "redirect" };
    default:
      // Targets of extensions are in capitals too, and so may chains be: a chain that is not there counts for nothing.
      return { kind: "jump", chain: target, returns };
  }
}

function conditionOf(option: string, value: string): Condition {
  switch (option) {
    case "-s":
    case "--source":
      return addressCondition("source", value);
    case "-d":
    case "--destination":
      return addressCondition("destination", value);
    case "-p":
    case "--protocol":
      return protocolIn([value]);
    case "--sport":
    case "--source-port":
    case "--sports":
    case "--source-ports":
      return portsCondition("sourcePort", value);
    case "--dport":
    case "--destination-port":
    case "--dports":
    case "--destination-ports":
      return portsCondition("destinationPort", value);
    case "--ctstate":
    case "--state":
      return stateIn(value.split(","));
    case "-o":
    case "--out-interface":
      return interfaceIs("outbound", value);
    case "-i":
    case "--in-interface":
      return interfaceIs("inbound", value);
    case "--uid-owner": {
      const range = parseRange(value);
      return range === null ? UNKNOWN : uidIn([range]);
    }
    default:
      return UNKNOWN;
  }
}

function addressCondition(side: "source" | "destination", value: string): Condition {
  const ranges = value.split(",").map(parseNetwork);
  const known = ranges.filter((range) => range !== null);
  return known.length === ranges.length ? addressIn(side, known) : UNKNOWN;
}

function portsCondition(side: "sourcePort" | "destinationPort", value: string): Condition {
  const ranges = value.split(",").map(parseRange);
  const known = ranges.filter((range) => range !== null);
  return known.length === ranges.length ? portIn(side, known) : UNKNOWN;
}

/** Words of a line, of which those with spaces stand in quotation marks. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
