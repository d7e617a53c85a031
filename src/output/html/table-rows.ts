/** Which rows of a list the page holds, and their values by column. */
import { CUT_MARK, safeString } from "../../bytes/text.ts";
import { MAX_PAGE_CELL_CHARACTERS, MAX_PAGE_ROWS } from "../../limits.ts";
import type { Rows } from "../../report/rows.ts";
import type { TableShape } from "./table-columns.ts";
import type { CellValue, ColumnHead, ColumnValues } from "./table-data.ts";

/** A column gathered. */
export interface GatheredColumn {
  readonly head: ColumnHead;
  readonly values: ColumnValues;
}

export interface GatheredRows {
  readonly rows: number;
  readonly odd: readonly number[];
  readonly columns: readonly GatheredColumn[];
}

/** The values of at most `most` rows: all, or those out of the ordinary before the rest, in the list's order. */
export function gatherRows<Row>(list: Rows<Row>, shape: TableShape<Row>, most: number = MAX_PAGE_ROWS): GatheredRows {
  const values = shape.columns.map((): CellValue[] => []);
  const odd: number[] = [];
  let rows = 0;
  for (const row of chosenRows(list, shape, most)) {
    if (shape.isOdd(row)) odd.push(rows);
    for (const [index, column] of shape.columns.entries()) values[index]?.push(cellValue(column.value(row)));
    rows++;
  }
  const columns = shape.columns.map(({ name, title, kind, place, wide }, index) => ({
    head: { name, title, kind, place, wide },
    values: packed(values[index] ?? []),
  }));
  return { rows, odd, columns };
}

function* chosenRows<Row>(list: Rows<Row>, shape: TableShape<Row>, most: number): Iterable<Row> {
  if (list.length <= most) {
    yield* list;
    return;
  }
  for (const index of chosenIndexes(list, shape, most)) {
    const row = list.at(index);
    if (row !== undefined) yield row;
  }
}

function chosenIndexes<Row>(list: Rows<Row>, shape: TableShape<Row>, most: number): Int32Array {
  const odd: number[] = [];
  const usual: number[] = [];
  let index = 0;
  for (const row of list) {
    if (odd.length >= most) break;
    if (shape.isOdd(row)) odd.push(index);
    else if (usual.length < most) usual.push(index);
    index++;
  }
  return Int32Array.from([...odd, ...usual.slice(0, most - odd.length)]).sort();
}

/** Text from outside, safe to show and bounded. Line ends within a cell are the columns' own. */
function cellValue(value: CellValue | undefined): CellValue {
  if (typeof value !== "string") return value ?? null;
  const shown =
    value.length > MAX_PAGE_CELL_CHARACTERS ? `${value.slice(0, MAX_PAGE_CELL_CHARACTERS)}${CUT_MARK}` : value;
  return shown
    .split("\n")
    .map((line) => safeString(line))
    .join("\n");
}

/** A column in the form that takes the least room. */
function packed(values: readonly CellValue[]): ColumnValues {
  const [first = null] = values;
  const words = new Map<CellValue, number>();
  for (const value of values) {
    if (!words.has(value)) words.set(value, words.size);
    if (words.size > MOST_WORDS) return { each: values };
  }
  if (words.size <= 1) return { same: first };
  if (words.size * 2 > values.length) return { each: values };
  return { words: [...words.keys()], at: values.map((value) => words.get(value) ?? 0) };
}

/** Beyond so many different values their numbers would be as long as they are. */
const MOST_WORDS = 10_000;
