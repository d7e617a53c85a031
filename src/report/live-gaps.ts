/** How times without capture read for people. */
import type { LiveGap, LiveSource } from "./report.ts";
import { clock } from "./values.ts";

const REASONS: Readonly<Record<string, string>> = {
  "interface-down": "the interface was down",
  "interface-gone": "the interface was gone",
  "backend-died": "the program that captures died",
  "backend-stalled": "the program that captures stood still",
};

/** Why there was no capture, as the end of a sentence. */
export function lossText(reason: string | null): string {
  return REASONS[reason ?? ""] ?? reason ?? "";
}

/** "12:00:01.123456 to the end: the interface was gone". */
export function gapText({ fromAt, toAt, reason }: LiveGap): string {
  return `${clock(fromAt)} to ${toAt === null ? "the end" : clock(toAt)}: ${lossText(reason)}`;
}

/** The first `most` gaps of all sources, each with its source's name, and how many more there are. */
export function gapTexts(
  sources: readonly { readonly name: string; readonly live: LiveSource | null }[],
  most: number,
): { told: string[]; more: number } {
  const all = sources.flatMap(({ name, live }) => (live?.gaps ?? []).map((gap) => ({ name, gap })));
  return {
    told: all.slice(0, most).map(({ name, gap }) => `${name}, ${gapText(gap)}`),
    more: Math.max(0, all.length - most),
  };
}
