/** A line of the screen as data: pieces of text with roles. Text from anywhere is made safe here, once, before it is measured. */
import { safeString } from "../../bytes/text.ts";
import { cutTo, isPrintableAscii, widthOf, wrapTo } from "../../bytes/text-columns.ts";
import { MAX_PIECE_LENGTH } from "../../limits.ts";
import type { Role, Theme } from "../theme.ts";

/** A piece of a line. */
export interface Piece {
  readonly text: string;
  readonly role: Role;
}

export type Line = readonly Piece[];

/** A piece of a line; control and direction-changing characters in `text` are shown escaped. */
export function piece(text: string, role: Role = "plain"): Piece {
  return { text: isPrintableAscii(text) ? text : safeString(text, MAX_PIECE_LENGTH), role };
}

/** Terminal columns of a line. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, one) => sum + widthOf(one.text), 0);
}

/** The line in exactly `columns`: cut with an ellipsis, or padded. */
export function fitted(line: Line, columns: number, ellipsis: string): Line {
  const cut = cutLine(line, columns, ellipsis);
  const left = columns - lineWidth(cut);
  return left > 0 ? [...cut, { text: " ".repeat(left), role: "plain" }] : cut;
}

/** The line in at most `columns`. */
export function cutLine(line: Line, columns: number, ellipsis: string): Line {
  const fitting: Piece[] = [];
  let left = columns;
  let following = lineWidth(line);
  for (const one of line) {
    const width = widthOf(one.text);
    following -= width;
    if (width < left || (width === left && following === 0)) {
      fitting.push(one);
      left -= width;
      continue;
    }
    const cut = width === left ? cutTo(one.text, left - 1, "") + ellipsis : cutTo(one.text, left, ellipsis);
    fitting.push({ text: cut, role: one.role });
    break;
  }
  return fitting;
}

/** Left and right parts at the two ends of `columns`; the left one gives way. */
export function spread(left: Line, right: Line, columns: number, ellipsis: string): Line {
  const rightWidth = lineWidth(right);
  if (rightWidth === 0) return fitted(left, columns, ellipsis);
  if (rightWidth >= columns) return fitted(right, columns, ellipsis);
  return [...fitted(left, columns - rightWidth - 1, ellipsis), { text: " ", role: "plain" }, ...right];
}

/** The line with escape sequences, each piece closed again; `base` lies under the whole line, as the selected row's background does. */
export function painted(line: Line, theme: Theme, base: Role = "plain"): string {
  return line.map((one) => paintedPiece(one, theme, base)).join("");
}

/** The text in lines of at most `columns`. */
export function wrapped(text: string, columns: number, role: Role = "plain"): Line[] {
  return wrapTo(piece(text).text, Math.max(1, columns)).map((line) => [{ text: line, role }]);
}

function paintedPiece(one: Piece, theme: Theme, base: Role): string {
  const parameters = [...theme.palette[base], ...theme.palette[one.role]];
  if (parameters.length === 0 || one.text === "") return one.text;
  return `${parameters.map((parameter) => `\u001b[${parameter}m`).join("")}${one.text}\u001b[0m`;
}
