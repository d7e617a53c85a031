/** The last line: what is being typed, what happened, or the keys that apply. */
import { BINDINGS, type Place } from "../keys.ts";
import type { ScreenModel } from "../model.ts";
import { fitted, type Line, lineWidth, type Piece, piece } from "../parts/line.ts";
import { isTable, type Prompt } from "../state.ts";

const PROMPT_LABELS: Readonly<Record<Prompt["kind"], string>> = {
  filter: "/",
  write: "Write packets to: ",
  export: "Export report to: ",
};

export function footerLine(model: ScreenModel, place: Place): Line {
  const { prompt, message } = model.state;
  if (prompt !== null) return promptLine(prompt, model);
  if (message !== null) return [piece(` ${message.text}`, message.good ? "good" : "bad")];
  return keysLine(model, place);
}

function promptLine(prompt: Prompt, model: ScreenModel): Line {
  const { text, cursor, kind } = prompt;
  const problem = kind === "filter" ? filterProblem(model) : null;
  return [
    piece(` ${PROMPT_LABELS[kind]}`, "accent"),
    piece(text.slice(0, cursor)),
    piece(text.slice(cursor, cursor + 1) || " ", "cursor"),
    piece(text.slice(cursor + 1)),
    piece(problem === null ? "" : `  ${problem}`, "bad"),
  ];
}

/** Why the filter on show was not understood. */
function filterProblem(model: ScreenModel): string | null {
  const { view } = model.state;
  return isTable(view) ? (model.data.windows[view]?.filterProblem ?? null) : null;
}

/** As many keys as fit, in the order of the bindings. */
function keysLine(model: ScreenModel, place: Place): Line {
  const { columns } = model.state;
  const line: Piece[] = [];
  for (const { shown, label, places } of BINDINGS) {
    if (label === null || !places.includes(place)) continue;
    const next = [piece(` ${shown} `, "key"), piece(`${label} `, "faint")];
    if (lineWidth(line) + lineWidth(next) > columns) break;
    line.push(...next);
  }
  return fitted(line, columns, model.theme.symbols.ellipsis);
}
