/** Reads the rows of a table once and keeps what they are sorted and filtered by. */
import type { Rows } from "../report/rows.ts";
import { type Column, NumberColumn, TextColumn } from "./column.ts";
import type { ColumnOf } from "./tables.ts";

/** Rows read before others get their turn: a few milliseconds. */
const ROWS_AT_ONCE = 2000;

/** Lets others have their turn. Null where rows are valid for this turn of the event loop alone: then all is done at once. */
export type Breathe = (() => Promise<void>) | null;

/** Columns by id, each with a value for every row. */
export interface TableColumns {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}

/** A column under construction: takes the next row. */
interface Filling<Row> {
  readonly id: string;
  readonly column: Column;
  take(at: number, row: Row): void;
}

export async function readColumns<Row>(
  rows: Rows<Row>,
  definitions: readonly ColumnOf<Row>[],
  breathe: Breathe,
): Promise<TableColumns> {
  const { length } = rows;
  const filling = definitions.map((definition) => fillingOf(definition, length));
  for (let start = 0; start < length; start += ROWS_AT_ONCE) {
    if (start > 0 && breathe !== null) await breathe();
    const end = Math.min(length, start + ROWS_AT_ONCE);
    for (let at = start; at < end; at++) {
      const row = rows.at(at);
      if (row !== undefined) for (const one of filling) one.take(at, row);
    }
  }
  return { rows: length, columns: new Map(filling.map(({ id, column }) => [id, column])) };
}

function fillingOf<Row>(definition: ColumnOf<Row>, length: number): Filling<Row> {
  const { id } = definition;
  if (definition.kind === "number") {
    const column = new NumberColumn(length);
    return { id, column, take: (at, row) => column.set(at, definition.of(row)) };
  }
  const column = new TextColumn(length);
  return { id, column, take: (at, row) => column.set(at, definition.of(row)) };
}
