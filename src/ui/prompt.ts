/** Typing in the last line. */

import { MAX_PROMPT_LENGTH } from "../limits.ts";
import type { Prompt } from "./state.ts";

export type PromptAnswer = Prompt | "accepted" | "cancelled";

/** What a key makes of the line. */
export function promptKey(prompt: Prompt, key: string): PromptAnswer {
  const { text, cursor } = prompt;
  switch (key) {
    case "enter":
      return "accepted";
    case "esc":
    case "ctrl-c":
      return "cancelled";
    case "left":
      return { ...prompt, cursor: before(text, cursor) };
    case "right":
      return { ...prompt, cursor: after(text, cursor) };
    case "home":
    case "ctrl-a":
      return { ...prompt, cursor: 0 };
    case "end":
    case "ctrl-e":
      return { ...prompt, cursor: text.length };
    case "backspace":
      if (text === "") return "cancelled";
      return {
        ...prompt,
        text: text.slice(0, before(text, cursor)) + text.slice(cursor),
        cursor: before(text, cursor),
      };
    case "ctrl-u":
      return { ...prompt, text: text.slice(cursor), cursor: 0 };
    case "ctrl-w":
      return withoutWord(prompt);
    default:
      return isCharacter(key) ? withCharacter(prompt, key) : prompt;
  }
}

function withCharacter(prompt: Prompt, character: string): Prompt {
  const { text, cursor } = prompt;
  if (text.length + character.length > MAX_PROMPT_LENGTH) return prompt;
  return {
    ...prompt,
    text: text.slice(0, cursor) + character + text.slice(cursor),
    cursor: cursor + character.length,
  };
}

function withoutWord(prompt: Prompt): Prompt {
  const kept = prompt.text.slice(0, prompt.cursor).replace(/\S*\s*$/, "");
  return { ...prompt, text: kept + prompt.text.slice(prompt.cursor), cursor: kept.length };
}

/** A name of a key has more characters than one. */
function isCharacter(key: string): boolean {
  return [...key].length === 1;
}

function before(text: string, cursor: number): number {
  const last = [...text.slice(0, cursor)].at(-1) ?? "";
  return cursor - last.length;
}

function after(text: string, cursor: number): number {
  const first = [...text.slice(cursor)].at(0) ?? "";
  return cursor + first.length;
}
