/** Widths of a table's columns from what stands in them, so that they stay where they are while rows come and go. */
import type { ColumnData } from "../table-data.ts";
import { element } from "./element.ts";
import type { PageTable } from "./page-table.ts";

/** Rows that are measured: some of all parts of the table. */
const MEASURED_ROWS = 400;
/** Characters of the widest column that is not a wide one; further ones end in an ellipsis. */
const MOST_CHARACTERS = 28;
/** Characters of a wide column, when there is no more room. */
const WIDE_CHARACTERS = 20;
/** Room beside the text, and for the sign that a heading sorts, in characters. */
const PADDING = 3;
/** Room for the bold letters of an outcome that is a failure, and for capitals. */
const BOLD = 2;

/** Gives the table its columns, and the width below which it scrolls sideways. */
export function setColumnWidths(whole: HTMLTableElement, table: PageTable, columns: readonly ColumnData[]): void {
  const widths = columns.map((column) => widthOf(table, column));
  const group = element("colgroup");
  for (const [index, column] of columns.entries()) {
    const col = element("col");
    if (!column.wide) col.style.width = `calc(${widths[index] ?? 0} * var(--character))`;
    group.append(col);
  }
  const all = widths.reduce((sum, width) => sum + width, 0);
  whole.style.minWidth = `calc(${all} * var(--character))`;
  whole.caption?.after(group);
}

function widthOf(table: PageTable, column: ColumnData): number {
  if (column.wide) return WIDE_CHARACTERS;
  let widest = column.title.length;
  const step = Math.max(1, Math.floor(table.rows / MEASURED_ROWS));
  for (let row = 0; row < table.rows; row += step) widest = Math.max(widest, table.text(column, row).length);
  const bold = column.kind === "outcome" ? BOLD : 0;
  return Math.min(widest, MOST_CHARACTERS) + bold + PADDING;
}
