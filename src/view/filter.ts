/**
 * The filter language of the screen: words that must all be found, or `field:value`. `-` or `!` in front turns a term round, commas
 * separate alternatives, quotes keep spaces, numbers take `>10`, `<=10` and `10-20`, and a status also `5xx`.
 */
import { safeString } from "../bytes/text.ts";
import { MAX_FILTER_TERMS } from "../limits.ts";
import type { Severity } from "../report/report.ts";
import { FLOW_SERVICES } from "../report/service-names.ts";
import { FILTER_FIELDS } from "../report/view-fields.ts";
import { RULES } from "../rules/all.ts";

/** Numbers from `from` to `to`, both included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** One term. It holds when one of its alternatives does. */
export type FilterTerm =
  | { readonly kind: "word"; readonly negated: boolean; readonly text: string }
  | { readonly kind: "field"; readonly negated: boolean; readonly field: string; readonly values: readonly string[] }
  | { readonly kind: "number"; readonly negated: boolean; readonly field: string; readonly ranges: NumberRange[] };

export interface Filter {
  readonly terms: readonly FilterTerm[];
  /** Why it was not understood, as a sentence; null when it was. */
  readonly problem: string | null;
}

/** Fields whose values are known, so that a slip is told instead of finding nothing. */
const KNOWN_VALUES: Readonly<Record<string, readonly string[]>> = {
  service: FLOW_SERVICES,
  protocol: ["tcp", "udp", "icmp"],
  initiator: ["vm", "platform"],
  anomaly: [
    "any",
    ...(["critical", "warning", "notice"] satisfies readonly Severity[]),
    ...RULES.map((rule) => rule.id).sort(),
  ],
};

/** Values named in a problem at most. */
const NAMED_VALUES = 8;
const QUOTE = '"';

/** Understands a filter. With a problem, there are no terms. */
export function parseFilter(text: string): Filter {
  const words = wordsOf(text);
  if (words.length > MAX_FILTER_TERMS) {
    return { terms: [], problem: `A filter has ${MAX_FILTER_TERMS} terms at most.` };
  }
  const terms: FilterTerm[] = [];
  for (const word of words) {
    const term = termOf(word);
    if (typeof term === "string") return { terms: [], problem: term };
    if (term !== null) terms.push(term);
  }
  return { terms, problem: null };
}

interface Word {
  readonly text: string;
  /** Began with a quote, so that it is no field. */
  readonly quoted: boolean;
  readonly negated: boolean;
}

/** Splits at spaces outside quotes. A quote that is not closed goes to the end: it is still being typed. */
function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text, at)) {
      at++;
      continue;
    }
    const negated = text.startsWith("-", at) || text.startsWith("!", at);
    if (negated) at++;
    const quoted = text[at] === QUOTE;
    let inQuotes = false;
    let word = "";
    for (; at < text.length && (inQuotes || !isSpace(text, at)); at++) {
      if (text[at] === QUOTE) inQuotes = !inQuotes;
      else word += text[at];
    }
    words.push({ text: word.toLowerCase(), quoted, negated });
  }
  return words;
}

function isSpace(text: string, at: number): boolean {
  return text[at] === " " || text[at] === "\t";
}

/** A term; null for one that says nothing yet; a sentence for one that is not understood. */
function termOf({ text, quoted, negated }: Word): FilterTerm | string | null {
  const colon = text.indexOf(":");
  const name = text.slice(0, colon);
  if (text === "") return null;
  if (quoted || colon <= 0 || !isFieldName(name)) return { kind: "word", negated, text };
  const field = FILTER_FIELDS.find((one) => one.name === name);
  if (field === undefined) {
    if (isHexadecimal(name)) return { kind: "word", negated, text };
    return `There is no field "${safeString(name)}"; ? lists them. In quotes it is looked for as text.`;
  }
  const values = text
    .slice(colon + 1)
    .split(",")
    .filter((value) => value !== "");
  if (values.length === 0) return null;
  if (!field.number) return unknownValue(name, values) ?? { kind: "field", negated, field: name, values };
  const ranges: NumberRange[] = [];
  for (const value of values) {
    const range = rangeOf(value, name === "status");
    if (range === null) return `${name} takes a number: ${name}:10, ${name}:>10 or ${name}:10-20.`;
    ranges.push(range);
  }
  return { kind: "number", negated, field: name, ranges };
}

function isFieldName(name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if ((code < 0x61 || code > 0x7a) && code !== 0x2d) return false;
  }
  return true;
}

/** Part of an address, then, rather than a field with a slip: "fe:" and "dead:". */
function isHexadecimal(name: string): boolean {
  return name.length <= 4 && [...name].every((letter) => letter >= "a" && letter <= "f");
}

/** A beginning of a known value will do: it is still being typed. */
function unknownValue(field: string, values: readonly string[]): string | null {
  const known = KNOWN_VALUES[field];
  const unknown = known === undefined ? undefined : values.find((value) => !known.some((one) => one.startsWith(value)));
  if (known === undefined || unknown === undefined) return null;
  const named = known.slice(0, NAMED_VALUES).join(", ");
  const more = known.length > NAMED_VALUES ? " and others" : "";
  return `${field} is never "${safeString(unknown)}"; it is ${named}${more}.`;
}

/** Null when it is no number. */
function rangeOf(text: string, isStatus: boolean): NumberRange | null {
  if (isStatus && text.length === 3 && text.endsWith("xx")) {
    const hundreds = numberOf(text.slice(0, 1));
    return hundreds === null ? null : { from: hundreds * 100, to: hundreds * 100 + 99 };
  }
  for (const [sign, make] of COMPARISONS) {
    if (!text.startsWith(sign)) continue;
    // A sign alone is still being typed.
    if (text === sign) return { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    const value = numberOf(text.slice(sign.length));
    return value === null ? null : make(value);
  }
  const dash = text.indexOf("-", 1);
  if (dash > 0) {
    const from = numberOf(text.slice(0, dash));
    const to = dash === text.length - 1 ? Number.POSITIVE_INFINITY : numberOf(text.slice(dash + 1));
    return from === null || to === null ? null : { from, to };
  }
  const value = numberOf(text);
  return value === null ? null : { from: value, to: value };
}

/** Longer signs first. */
const COMPARISONS: readonly (readonly [string, (value: number) => NumberRange])[] = [
  [">=", (from) => ({ from, to: Number.POSITIVE_INFINITY })],
  ["<=", (to) => ({ from: Number.NEGATIVE_INFINITY, to })],
  [">", (value) => ({ from: nextAbove(value), to: Number.POSITIVE_INFINITY })],
  ["<", (value) => ({ from: Number.NEGATIVE_INFINITY, to: -nextAbove(-value) })],
  ["=", (value) => ({ from: value, to: value })],
];

/** Just above what milliseconds are told to. */
function nextAbove(value: number): number {
  return value + 1e-9;
}

/** A plain decimal number; null for all else that `Number` would take. */
function numberOf(text: string): number | null {
  for (const character of text) if ((character < "0" || character > "9") && character !== ".") return null;
  const value = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
