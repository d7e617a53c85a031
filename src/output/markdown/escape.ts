/**
 * Text from outside in Markdown, so that it makes no link, image, HTML, mention or reference, on GitHub and in chats alike. Escapes would not
 * do: mentions and references (@name, #1, a commit's hash) are found after Markdown was rendered, everywhere but in code, and chats know
 * fewer escapes, or others. So plain words stand as they are, and everything else stands in code.
 */
import { CUT_MARK, safeString } from "../../bytes/text.ts";

/** Characters that one text becomes at most; of a longer one the rest gives way to an ellipsis. */
const MAX_PROSE_LENGTH = 1000;
const MAX_CODE_LENGTH = 400;
const MAX_BLOCK_LENGTH = 1200;

/** A passage in quotes with the marks behind it, or a word. */
const TOKEN = /[("]*"[^"]{1,200}"[.,;:!?)]*(?=\s|$)|\S+/g;
/** Marks of a sentence around a word, which stay outside of code. */
const AROUND = /^(["'(]*)(.*?)((?:["')]|[.,;:!?])*)$/s;
/** Words of letters with inner hyphens and apostrophes; numbers with commas and a fraction, per cent. */
const PLAIN = /^(?:[A-Za-z]+(?:[-'][A-Za-z]+)*|\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d{1,6})?)$/;
/** With one of these behind it, a number at the start of a line begins a list; many hexadecimal digits may be a commit. */
const LIST_MARK = /^[.)]/;
const HASH = /^[0-9a-f]{7,}$/i;
/** An option of a command, and words before one that are no command. */
const OPTION = /^[-+]{1,2}[A-Za-z]/;
const NO_COMMANDS: readonly string[] = ["a", "an", "and", "or", "the", "with"];

/** A sentence: its plain words as they are, the rest in code, a command with its options as one. */
export function prose(text: string): string {
  return joined(merged(tokensOf(safeString(text))));
}

/** A value in code. A grave accent would end it: it is shown as \x60. */
export function code(text: string): string {
  const shown = cut(codeText(text).trim(), MAX_CODE_LENGTH);
  return shown === "" ? "" : `\`${shown}\``;
}

/** A text to be copied, on a line of its own; within a display filter's strings \x60 means the same as the grave accent. */
export function codeBlock(text: string): string {
  return `\`\`\`text\n${cut(codeText(text), MAX_BLOCK_LENGTH)}\n\`\`\`\n`;
}

/** The cells, which are Markdown already, as a line of a table. A bar would end a cell, in code too: it is shown as \x7c. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\x7c")).join(" | ")} |`;
}

/** A word or some words of one kind, with the marks of the sentence around them. */
interface Token {
  lead: string;
  text: string;
  tail: string;
  isCode: boolean;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const found of text.match(TOKEN) ?? []) {
    const words = found.split(" ").map((word) => tokenOf(word, tokens.length === 0));
    const isValue = OPTION.test(tokens.at(-1)?.text ?? "");
    if (words.length > 1 && (isValue || words.some((word) => word.isCode))) tokens.push(passageOf(found, isValue));
    else tokens.push(...words);
  }
  return tokens;
}

function tokenOf(word: string, isFirst: boolean): Token {
  const [, lead = "", text = "", tail = ""] = AROUND.exec(word) ?? [];
  if (text.includes("(")) return { lead: "", text: word, tail: "", isCode: true };
  const isListMark = isFirst && /^\d/.test(text) && LIST_MARK.test(tail);
  const isPlain = PLAIN.test(text) && !HASH.test(text) && !isListMark;
  return { lead, text, tail, isCode: !isPlain && text !== "" };
}

/** A quoted passage with something in it that belongs in code, which takes the place of the quotes; an option's value keeps them. */
function passageOf(passage: string, isValue: boolean): Token {
  const [, lead = "", text = "", tail = ""] = AROUND.exec(passage) ?? [];
  const [before, after] = [lead.replace('"', ""), tail.replace('"', "")];
  return { lead: before, text: isValue ? `"${text}"` : text, tail: after, isCode: true };
}

/** Joins neighbours in code, and takes in the command before an option and the value behind it. */
function merged(tokens: readonly Token[]): Token[] {
  const parts: Token[] = [];
  let takesValue = false;
  for (const token of tokens) {
    const last = parts.at(-1);
    const isOption = OPTION.test(token.text);
    const follows = last !== undefined && last.tail === "" && token.lead === "" && token.text !== "";
    const inCommand: boolean = last?.isCode === true && (token.isCode || takesValue);
    const begins = isOption && last?.isCode === false && !NO_COMMANDS.includes(last.text);
    takesValue = follows && isOption && (inCommand || begins);
    if (follows && (inCommand || begins)) {
      last.text += ` ${token.text}`;
      last.tail = token.tail;
      last.isCode = true;
    } else {
      parts.push({ ...token });
    }
  }
  return parts;
}

function joined(parts: readonly Token[]): string {
  let text = "";
  for (const part of parts) {
    const next = part.lead + (part.isCode ? code(part.text) : part.text) + part.tail;
    if (text.length + next.length > MAX_PROSE_LENGTH) return `${text} ${CUT_MARK}`;
    text += text === "" ? next : ` ${next}`;
  }
  return text;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length) + CUT_MARK;
}

function codeText(text: string): string {
  return safeString(text).replaceAll("`", "\\x60");
}
