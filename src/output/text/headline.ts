/** The report's first lines: the answer. */
import { wrapTo } from "../../bytes/text-columns.ts";
import { type HeadlineSource, headlineOf, type OverallState } from "../../report/headline.ts";
import type { Colouring, Paint } from "./paint.ts";

const COLUMNS = 100;

/** The state in one word and why, wrapped, in the state's colour; then what to do when there was nothing to judge. */
export function headlineText(report: HeadlineSource, paint: Paint, columns: number = COLUMNS): string {
  const { state, word, text, advice } = headlineOf(report);
  const width = Math.min(columns, COLUMNS);
  const answer = wrapTo(`${word.toUpperCase()}: ${text}.`, width).map((line) => stateColour(state, paint)(line));
  return [...answer, ...(advice === null ? [] : wrapTo(`${advice}.`, width))].join("\n");
}

function stateColour(state: OverallState, paint: Paint): Colouring {
  switch (state) {
    case "failing":
      return paint.bad;
    case "degraded":
      return paint.doubtful;
    case "healthy":
      return paint.good;
    case "not-seen":
      return paint.strong;
    default:
      return state satisfies never;
  }
}
