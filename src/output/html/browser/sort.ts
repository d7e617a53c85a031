/** The order of rows by a column. Rows that are equal stay in the order of the list, and those without a value come last. */
import type { CellValue, ColumnData } from "../table-data.ts";
import type { PageTable } from "./page-table.ts";

const COLLATOR = new Intl.Collator("en", { numeric: true });

/** The rows in order; `column` is null for the list's own. */
export function sortedRows(
  table: PageTable,
  rows: Uint32Array,
  column: ColumnData | null,
  descending: boolean,
): Uint32Array {
  if (column === null) return rows;
  const values = rows.length === 0 ? [] : Array.from({ length: table.rows }, (_, row) => table.value(column, row));
  const ranks = "words" in column ? wordRanks(column.words) : null;
  const sign = descending ? -1 : 1;
  return rows.slice().sort((a, b) => {
    const left = values[a] ?? null;
    const right = values[b] ?? null;
    if (left === null || right === null) return Number(left === null) - Number(right === null) || a - b;
    const order = ranks === null ? compared(left, right) : (ranks.get(left) ?? 0) - (ranks.get(right) ?? 0);
    return order * sign || a - b;
  });
}

/** Few words are compared once, not at each step of the sort. */
function wordRanks(words: readonly CellValue[]): Map<CellValue, number> {
  const sorted = words.filter((word) => word !== null).sort(compared);
  return new Map(sorted.map((word, rank) => [word, rank]));
}

function compared(left: string | number, right: string | number): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return COLLATOR.compare(String(left), String(right));
}
