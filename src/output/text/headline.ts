/** The report's first lines: the answer. */
import { wrapTo } from "../../bytes/text-columns.ts";
import { type HeadlineSource, headlineOf, type OverallState } from "../../report/headline.ts";
import type { Colouring, Paint } from "./paint.ts";

const COLUMNS = 100;

/** The state in one word and why, wrapped, in the state's colour. */
export function headlineText(report: HeadlineSource, paint: Paint, columns: number = COLUMNS): string {
  const { state, text } = headlineOf(report);
  return wrapTo(`${STATE_WORDS[state]}: ${text}.`, Math.min(columns, COLUMNS))
    .map((line) => stateColour(state, paint)(line))
    .join("\n");
}

const STATE_WORDS: Readonly<Record<OverallState, string>> = {
  failing: "FAILING",
  degraded: "DEGRADED",
  healthy: "HEALTHY",
  "not-seen": "NOTHING SEEN",
};

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
