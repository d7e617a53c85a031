/** Which rows a filter leaves: those that hold all its words, of which `column:word` looks into one column alone. */
import type { ColumnData } from "../table-data.ts";
import type { PageTable } from "./page-table.ts";

/** Numbers of the rows that match, in their order. */
export function matchingRows(table: PageTable, filter: string, oddOnly: boolean): Uint32Array {
  const tests = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => wordTest(table, word));
  const matching = new Uint32Array(table.rows);
  let length = 0;
  for (let row = 0; row < table.rows; row++) {
    if (oddOnly && !table.odd.has(row)) continue;
    if (tests.every((test) => test(row))) matching[length++] = row;
  }
  return matching.subarray(0, length);
}

function wordTest(table: PageTable, word: string): (row: number) => boolean {
  const colon = word.indexOf(":");
  const column = colon > 0 ? table.columns.find(({ name }) => name === word.slice(0, colon)) : undefined;
  if (column === undefined) return (row) => table.searched(row).includes(word);
  return columnTest(table, column, word.slice(colon + 1));
}

/** A number is meant whole: `flow:4` is not flow 45. */
function columnTest(table: PageTable, column: ColumnData, wanted: string): (row: number) => boolean {
  if (column.kind === "number") return (row) => table.text(column, row) === wanted;
  if (column.kind === "anomalies") return (row) => table.text(column, row).split(" ").includes(wanted);
  return (row) => table.text(column, row).toLowerCase().includes(wanted);
}
