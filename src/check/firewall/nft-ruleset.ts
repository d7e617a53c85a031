/** Rules of nftables, from what `nft -j list ruleset` writes (libnftables-json(5)). */
import { parseJson } from "../command.ts";
import {
  type AddressRange,
  addressIn,
  interfaceIs,
  not,
  type PortRange,
  parseNetwork,
  parseRange,
  portIn,
  protocolIn,
  stateIn,
  UNKNOWN,
  uidIn,
} from "./conditions.ts";
import type { Action, Condition, FilterChain, FilterRule, FilterTable } from "./model.ts";

type Fields = ReadonlyMap<string, unknown>;

/** Families whose tables see IPv4. */
const FAMILIES: readonly string[] = ["ip", "inet"];

const HOOKS: Readonly<Record<string, "outbound" | "inbound">> = {
  output: "outbound",
  postrouting: "outbound",
  prerouting: "inbound",
  input: "inbound",
};

/** Expressions after which the packet goes on, and which ask for nothing. */
const SILENT: readonly string[] = ["counter", "log", "comment", "mangle", "notrack", "meter"];

/** The tables of the ruleset. Those in `alreadyRead`, such as "filter", are iptables' own and were read with iptables-save. */
export function parseNftRuleset(text: string, alreadyRead: readonly string[]): FilterTable[] {
  const entries = listOf(fieldsOf(parseJson(text)).get("nftables")).map(fieldsOf);
  const chains = entries.flatMap((entry) => (entry.has("chain") ? [fieldsOf(entry.get("chain"))] : []));
  const rules = entries.flatMap((entry) => (entry.has("rule") ? [fieldsOf(entry.get("rule"))] : []));
  const tables = entries.flatMap((entry) => (entry.has("table") ? [fieldsOf(entry.get("table"))] : []));
  return tables.flatMap((table): FilterTable[] => {
    const [family, name] = [textOf(table, "family"), textOf(table, "name")];
    if (!FAMILIES.includes(family)) return [];
    const isOwn = (one: Fields): boolean => textOf(one, "family") === family && textOf(one, "table") === name;
    const own = chains.filter(isOwn).map((chain) => parseChain(chain, rules.filter(isOwn)));
    if (family === "ip" && alreadyRead.includes(name) && isOfIptables(own)) return [];
    return [{ name: `nft ${family} ${name}`, chains: own, allowance: allowanceIn(family, name) }];
  });
}

/** iptables' base chains have names in capitals; a table of the same name that somebody made with nft has others. */
function isOfIptables(chains: readonly FilterChain[]): boolean {
  return chains.every(({ name, base }) => base === null || /^[A-Z]+$/.test(name));
}

function allowanceIn(family: string, table: string): FilterTable["allowance"] {
  return (chain, { direction, protocol, source, destination, sourcePort, destinationPort }) => {
    const match =
      direction === "outbound"
        ? `ip daddr ${destination} ${protocol} dport ${destinationPort}`
        : `ip saddr ${source} ${protocol} sport ${sourcePort}`;
    return `nft insert rule ${family} ${table} ${chain.name} ${match} accept`;
  };
}

function parseChain(chain: Fields, rules: readonly Fields[]): FilterChain {
  const name = textOf(chain, "name");
  const direction = HOOKS[textOf(chain, "hook")];
  return {
    name,
    base: direction === undefined ? null : { direction, drops: textOf(chain, "policy") === "drop" },
    rules: rules.filter((rule) => textOf(rule, "chain") === name).flatMap(parseRule),
  };
}

/** A rule is several where it maps verdicts, which is not followed: then it may drop. */
function parseRule(rule: Fields): FilterRule[] {
  const conditions: Condition[] = [];
  let action: Action = { kind: "other" };
  const expressions = listOf(rule.get("expr")).map(fieldsOf);
  for (const expression of expressions) {
    const [kind = "", value] = [...expression][0] ?? [];
    const verdict = actionOf(kind, value);
    if (verdict !== null) action = verdict;
    else if (kind === "match") conditions.push(matchOf(fieldsOf(value)));
    else if (!SILENT.includes(kind)) conditions.push(UNKNOWN);
    if (kind === "vmap") action = { kind: "drop" };
  }
  const place = ["family", "table", "chain"].map((field) => textOf(rule, field)).join(" ");
  const removal = `nft delete rule ${place} handle ${rule.get("handle")}`;
  return [{ conditions, action, text: `rule ${place} handle ${rule.get("handle")} (${action.kind})`, removal }];
}

function actionOf(kind: string, value: unknown): Action | null {
  switch (kind) {
    case "accept":
    case "drop":
    case "reject":
    case "return":
      return { kind };
    case "dnat":
    case "redirect":
    case "tproxy":
      return { kind: "redirect" };
    case "jump":
    case "goto":
      return { kind: "jump", chain: textOf(fieldsOf(value), "target"), returns: kind === "jump" };
    default:
      return null;
  }
}

function matchOf(match: Fields): Condition {
  const operator = textOf(match, "op");
  if (!["==", "!=", "in"].includes(operator)) return UNKNOWN;
  const condition = comparison(fieldsOf(match.get("left")), valuesOf(match.get("right")));
  return operator === "!=" ? not(condition) : condition;
}

function comparison(left: Fields, values: readonly unknown[] | null): Condition {
  if (values === null) return UNKNOWN;
  const payload = fieldsOf(left.get("payload"));
  const [protocol, field] = [textOf(payload, "protocol"), textOf(payload, "field")];
  const meta = textOf(fieldsOf(left.get("meta")), "key");
  const ct = textOf(fieldsOf(left.get("ct")), "key");
  const texts = values.map(String);
  if (protocol === "ip" && field === "saddr") return addresses("source", values);
  if (protocol === "ip" && field === "daddr") return addresses("destination", values);
  if (protocol === "ip" && field === "protocol") return protocolIn(texts);
  if (protocol === "ip6") return () => false;
  if (["tcp", "udp", "th"].includes(protocol) && (field === "sport" || field === "dport")) {
    const ports = portCondition(field === "sport" ? "sourcePort" : "destinationPort", values);
    return protocol === "th" ? ports : (packet) => (packet.protocol === protocol ? ports(packet) : false);
  }
  if (meta === "l4proto") return protocolIn(texts);
  if (meta === "nfproto" || meta === "protocol") return () => texts.includes("ipv4") || texts.includes("ip");
  if (meta === "skuid") return uids(values);
  if (meta === "oifname" || meta === "oif") return anyOf(texts.map((name) => interfaceIs("outbound", name)));
  if (meta === "iifname" || meta === "iif") return anyOf(texts.map((name) => interfaceIs("inbound", name)));
  return ct === "state" ? stateIn(texts) : UNKNOWN;
}

function anyOf(conditions: readonly Condition[]): Condition {
  return (packet) => {
    const answers = conditions.map((condition) => condition(packet));
    if (answers.includes(true)) return true;
    return answers.includes(null) ? null : false;
  };
}

function addresses(side: "source" | "destination", values: readonly unknown[]): Condition {
  const ranges = values.map((value): AddressRange | null => {
    if (typeof value === "string") return parseNetwork(value);
    const fields = fieldsOf(value);
    const prefix = fieldsOf(fields.get("prefix"));
    if (prefix.size > 0) return parseNetwork(`${prefix.get("addr")}/${prefix.get("len")}`);
    const [first, last] = listOf(fields.get("range")).map((end) => parseNetwork(String(end)));
    return first == null || last == null ? null : [first[0], last[1]];
  });
  const known = ranges.filter((range) => range !== null);
  return known.length === ranges.length ? addressIn(side, known) : UNKNOWN;
}

function portCondition(side: "sourcePort" | "destinationPort", values: readonly unknown[]): Condition {
  const known = numberRanges(values);
  return known === null ? UNKNOWN : portIn(side, known);
}

function uids(values: readonly unknown[]): Condition {
  const known = numberRanges(values.map((value) => (value === "root" ? 0 : value)));
  return known === null ? UNKNOWN : uidIn(known);
}

/** Numbers, names of well-known ports, and ranges; null when one of them is something else. */
function numberRanges(values: readonly unknown[]): PortRange[] | null {
  const ranges = values.map((value): PortRange | null => {
    if (typeof value === "number") return [value, value];
    if (typeof value === "string") return parseRange(PORT_NAMES[value] ?? value);
    const [first, last] = listOf(fieldsOf(value).get("range"));
    return typeof first === "number" && typeof last === "number" ? [first, last] : null;
  });
  const known = ranges.filter((range) => range !== null);
  return known.length === ranges.length ? known : null;
}

const PORT_NAMES: Readonly<Record<string, string>> = { http: "80", domain: "53", https: "443" };

/** What a match compares with, as a list; null for a named set, whose elements are not looked up. */
function valuesOf(right: unknown): readonly unknown[] | null {
  if (typeof right === "string" && right.startsWith("@")) return null;
  if (Array.isArray(right)) return right;
  const fields = fieldsOf(right);
  return fields.has("set") ? listOf(fields.get("set")) : [right];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? new Map<string, unknown>(Object.entries(value))
    : new Map();
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(fields: Fields, name: string): string {
  const value = fields.get(name);
  return typeof value === "string" ? value : "";
}
