/** Text measured in terminal columns, of which a CJK character takes two: cutting, padding and wrapping. */
import stringWidth from "string-width";

/** Terminal columns of a text without escapes. */
export function widthOf(text: string): number {
  return isPrintableAscii(text) ? text.length : stringWidth(text);
}

/** The text in at most `columns`, with `ellipsis`, of one column or none, when something was left out. */
export function cutTo(text: string, columns: number, ellipsis: string = "…"): string {
  if (widthOf(text) <= columns) return text;
  if (columns < ellipsis.length) return "";
  let kept = "";
  let width = 0;
  for (const { segment } of new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)) {
    const next = width + widthOf(segment);
    if (next > columns - ellipsis.length) break;
    kept += segment;
    width = next;
  }
  return kept + ellipsis;
}

/** The text in lines of at most `columns`, broken at spaces; a word that is longer than a line is broken anywhere. */
export function wrapTo(text: string, columns: number): string[] {
  return linesOf(
    text.split(" ").flatMap((long) => breakWord(long, columns)),
    columns,
  );
}

/** The same, but what stands in double quotes, a command to copy, is never broken: one that is too long for a line sticks out. */
export function wrapAdvice(text: string, columns: number): string[] {
  const words = text.match(/(?:[^\s"]|"[^"]*")+|"\S*/g) ?? [];
  return linesOf(
    words.flatMap((word) => (word.includes('"') ? word : breakWord(word, columns))),
    columns,
  );
}

function linesOf(words: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line === "") line = word;
    else if (widthOf(line) + 1 + widthOf(word) <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines;
}

/** The text padded to `columns`. */
export function padded(text: string, columns: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, columns - widthOf(text)));
  return align === "left" ? text + space : space + text;
}

function breakWord(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (widthOf(rest) > columns) {
    const piece = cutTo(rest, columns, "");
    if (piece === "") break;
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  pieces.push(rest);
  return pieces;
}

/** No control, no escape, nothing beyond ASCII: what needs no second look before it is measured or shown. */
export function isPrintableAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}
