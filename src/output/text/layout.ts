/** Lines of a fixed width: wrapping, cutting and tables. Widths are terminal columns, so a CJK character counts two. */
import { safeString } from "../../bytes/text.ts";
import { cutTo, padded, widthOf, wrapAdvice, wrapTo } from "../../bytes/text-columns.ts";
import type { Colouring } from "./paint.ts";

/** Columns that the text report keeps to. */
export const TEXT_COLUMNS = 100;

/** One column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Goes on below instead of being cut. For the last column. */
  readonly wraps?: boolean;
  /** Gives way when the table is too wide for the page. At least one column must. */
  readonly flexible?: boolean;
}

/** One cell: its text, which is escaped before it is shown, and how to colour it after it was cut and padded. */
export interface Cell {
  readonly text: string;
  readonly colouring?: Colouring;
}

/** Wrapped text behind a label: the label stands on the first line, the rest is indented to the same column. */
export function labelled(label: string, text: string, indent: number, labelColumns: number): string[] {
  return behindLabel(label, wrapTo(text, TEXT_COLUMNS - indent - labelColumns), indent, labelColumns);
}

/** The same for a cause or a remedy, whose commands are copied from the terminal: each stays on one line. */
export function labelledAdvice(label: string, text: string, indent: number, labelColumns: number): string[] {
  return behindLabel(label, wrapAdvice(text, TEXT_COLUMNS - indent - labelColumns), indent, labelColumns);
}

function behindLabel(label: string, lines: readonly string[], indent: number, labelColumns: number): string[] {
  const margin = " ".repeat(indent);
  return lines.map((line, index) => `${margin}${padded(index === 0 ? label : "", labelColumns, "left")}${line}`);
}

/** The lines of a table: titles, then rows, two spaces between columns, none at the end of a line. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  indent: number,
  titleColouring: Colouring,
): string[] {
  const safeRows = rows.map((row) => row.map((cell) => ({ ...cell, text: safeString(cell.text) })));
  const widths = columnWidths(columns, safeRows, indent);
  const margin = " ".repeat(indent);
  const header = joinCells(
    columns.map((column) => ({ text: column.title, colouring: titleColouring })),
    columns,
    widths,
  );
  return [header, ...safeRows.flatMap((row) => rowLines(row, columns, widths))].map((line) => margin + line);
}

/** What each column needs, the widest of the flexible ones narrowed until the table fits; then of all. */
function columnWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[], indent: number): number[] {
  const widths = columns.map((column, index) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[index]?.text ?? "")), widthOf(column.title)),
  );
  const gaps = 2 * (columns.length - 1);
  let excess = widths.reduce((sum, width) => sum + width, 0) + gaps + indent - TEXT_COLUMNS;
  while (excess > 0) {
    const index = widestOf(columns, widths);
    const width = widths[index] ?? 0;
    const give = Math.min(excess, Math.max(1, width - widestWidth(columns, widths, index)));
    widths[index] = width - give;
    excess -= give;
  }
  return widths;
}

/** Columns below this width do not give way while another can. */
const NARROWEST_COLUMNS = 8;

function widestOf(columns: readonly Column[], widths: readonly number[]): number {
  const giving = (index: number): number => {
    const width = widths[index] ?? 0;
    return columns[index]?.flexible === true && width > NARROWEST_COLUMNS ? width + 1000 : width;
  };
  return columns.reduce((widest, _, index) => (giving(index) > giving(widest) ? index : widest), 0);
}

/** The next widest flexible column beside `index`, to which that one may be narrowed at once. */
function widestWidth(columns: readonly Column[], widths: readonly number[], index: number): number {
  return columns.reduce(
    (widest, column, other) =>
      other !== index && column.flexible === true ? Math.max(widest, widths[other] ?? 0) : widest,
    NARROWEST_COLUMNS,
  );
}

/** One line, and further ones when the last column wraps. */
function rowLines(row: readonly Cell[], columns: readonly Column[], widths: readonly number[]): string[] {
  const last = row.at(-1);
  if (columns.at(-1)?.wraps !== true || last === undefined) return [joinCells(row, columns, widths)];
  const [first = "", ...rest] = wrapTo(last.text, widths.at(-1) ?? TEXT_COLUMNS);
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const head = joinCells([...row.slice(0, -1), { ...last, text: first }], columns, widths);
  return [head, ...rest.map((line) => " ".repeat(before) + line)];
}

function joinCells(cells: readonly Cell[], columns: readonly Column[], widths: readonly number[]): string {
  const last = cells.length - 1;
  return cells
    .map((cell, index) => {
      const width = widths[index] ?? 0;
      const align = columns[index]?.align ?? "left";
      const text = cutTo(cell.text, width);
      const space = " ".repeat(Math.max(0, width - widthOf(text)));
      const painted = cell.colouring === undefined ? text : cell.colouring(text);
      if (align === "right") return space + painted;
      return index === last ? painted : painted + space;
    })
    .join("  ")
    .trimEnd();
}
