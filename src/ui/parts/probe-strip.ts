/** A probed endpoint over the time of the capture: up or down in each column. */
import type { CaptureSummary, ProbeSeries } from "../../report/report.ts";
import type { Symbols } from "../theme.ts";
import { type Line, piece } from "./line.ts";

/** One character for each share of the time; a line that drops where the endpoint was down. */
export function probeStrip(
  series: ProbeSeries,
  capture: CaptureSummary | null,
  columns: number,
  symbols: Symbols,
): Line {
  const startMs = Date.parse(capture?.startedAt ?? "");
  const endMs = Date.parse(capture?.endedAt ?? "");
  const { transitions, succeeded } = series;
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) return [];
  const atFirst = transitions[0] === undefined ? succeeded > 0 : transitions[0].to === "down";
  const changes = transitions.map(({ at, to }) => ({ atMs: Date.parse(at), up: to === "up" }));
  const line = Array.from({ length: columns }, (_, column) => {
    // The state at the end of the column's share, and down when it was down anywhere in it.
    const fromMs = startMs + ((endMs - startMs) * column) / columns;
    const toMs = startMs + ((endMs - startMs) * (column + 1)) / columns;
    const before = changes.findLast(({ atMs }) => atMs <= fromMs)?.up ?? atFirst;
    const within = changes.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
    return before && within.every(({ up }) => up);
  });
  return runs(line).map(({ up, length }) =>
    up ? piece(symbols.up.repeat(length), "good") : piece(symbols.down.repeat(length), "bad"),
  );
}

function runs(line: readonly boolean[]): { up: boolean; length: number }[] {
  const found: { up: boolean; length: number }[] = [];
  for (const up of line) {
    const last = found.at(-1);
    if (last?.up === up) last.length++;
    else found.push({ up, length: 1 });
  }
  return found;
}
