/** Numbers over time in one line of bars. */
import type { Symbols } from "../theme.ts";
import { type Line, type Piece, piece } from "./line.ts";

/** The latest `columns` numbers, oldest first; nothing at all is shown apart from a little. */
export function sparkline(values: readonly number[], columns: number, symbols: Symbols): string {
  const shown = latest(values, columns);
  const most = Math.max(1, ...shown);
  return shown.map((value) => bar(value, most, symbols)).join("");
}

/** Successes as bars; a bucket in which something failed has its own mark, so that it shows without colour too. */
export function outcomeLine(
  succeeded: readonly number[],
  failed: readonly number[],
  columns: number,
  symbols: Symbols,
): Line {
  const good = latest(succeeded, columns);
  const bad = latest(failed, columns);
  const most = Math.max(1, ...good);
  return joined(
    good.map((value, index) =>
      (bad[index] ?? 0) > 0
        ? piece(symbols.failure, "bad")
        : piece(bar(value, most, symbols), value > 0 ? "good" : "faint"),
    ),
  );
}

/** All of `values` summed into at most `columns` numbers, so that a long time fits. */
export function summedInto(values: readonly number[], columns: number): number[] {
  const each = Math.max(1, Math.ceil(values.length / Math.max(1, columns)));
  const sums: number[] = [];
  for (let start = 0; start < values.length; start += each)
    sums.push(values.slice(start, start + each).reduce((sum, value) => sum + value, 0));
  return sums;
}

function latest(values: readonly number[], columns: number): readonly number[] {
  return values.slice(Math.max(0, values.length - columns));
}

function bar(value: number, most: number, symbols: Symbols): string {
  if (value <= 0) return symbols.nothing;
  const step = Math.min(symbols.bars.length - 1, Math.ceil((value / most) * symbols.bars.length) - 1);
  return symbols.bars[step] ?? symbols.nothing;
}

/** Neighbours of one role as one piece. */
function joined(line: readonly Piece[]): Line {
  const pieces: Piece[] = [];
  for (const one of line) {
    const last = pieces.at(-1);
    if (last !== undefined && last.role === one.role) pieces[pieces.length - 1] = piece(last.text + one.text, one.role);
    else pieces.push(one);
  }
  return pieces;
}
