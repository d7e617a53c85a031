/** Labelled values, wrapped under themselves. */
import { padded } from "../../bytes/text-columns.ts";
import type { Role } from "../theme.ts";
import { type Line, piece, wrapped } from "./line.ts";

export const LABEL_COLUMNS = 14;

/** "Cause         The likely cause, which goes on below itself." */
export function fact(label: string, text: string, columns: number, role: Role = "plain"): Line[] {
  return wrapped(text, columns - LABEL_COLUMNS, role).map((line, row) => [
    piece(padded(row === 0 ? label : "", LABEL_COLUMNS), "faint"),
    ...line,
  ]);
}
