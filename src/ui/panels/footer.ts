/** The last line: what is being typed, what happened, or the keys that apply. */
import { BINDINGS, type Binding, type Command, type Place } from "../keys.ts";
import type { ScreenModel } from "../model.ts";
import { fitted, type Line, lineWidth, type Piece, piece } from "../parts/line.ts";
import { isTable, type Prompt } from "../state.ts";

const PROMPT_LABELS: Readonly<Record<Prompt["kind"], string>> = {
  filter: "/",
  write: "Write packets to: ",
  export: "Export report (.html .json .md .txt) to: ",
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

/** Whoever sees the screen for the first time needs these, so they are always there. */
const ALWAYS: readonly Command[] = ["help", "quit"];

/** As many keys as fit, in the order of the bindings. */
function keysLine(model: ScreenModel, place: Place): Line {
  const { columns } = model.state;
  const line: Piece[] = [];
  const always = BINDINGS.filter(({ command }) => ALWAYS.includes(command)).flatMap(keyPieces);
  for (const binding of BINDINGS) {
    if (binding.label === null || !binding.places.includes(place) || ALWAYS.includes(binding.command)) continue;
    const next = keyPieces(binding);
    if (lineWidth(line) + lineWidth(next) + lineWidth(always) > columns) break;
    line.push(...next);
  }
  return fitted([...line, ...always], columns, model.theme.symbols.ellipsis);
}

function keyPieces({ shown, label }: Binding): Piece[] {
  return [piece(` ${shown} `, "key"), piece(`${label} `, "faint")];
}
