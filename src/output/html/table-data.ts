/** A table as the page holds it: columns of values, which is what the page's script and what writes the page agree on. */

/** What an outcome that is a failure begins with: it is told from others by more than its colour. */
export const FAILED_MARK = "✕ ";

/** How a value is shown and sorted. An instant is in nanoseconds from the table's `baseSeconds`, a duration in milliseconds. */
export type CellKind = "text" | "number" | "duration" | "size" | "instant" | "outcome" | "anomalies" | "lines";

export type CellValue = string | number | null;

/** A column's values, by row: all the same, words by their number, or one for each row. */
export type ColumnValues =
  | { readonly same: CellValue }
  | { readonly words: readonly CellValue[]; readonly at: readonly number[] }
  | { readonly each: readonly CellValue[] };

/** What is told about a column beside its values. */
export interface ColumnHead {
  /** For `name:word` in the filter. */
  readonly name: string;
  readonly title: string;
  readonly kind: CellKind;
  /** A column of the table, or shown when a row is opened. */
  readonly place: "table" | "detail";
  /** Takes the width that the others leave. */
  readonly wide: boolean;
}

export type ColumnData = ColumnHead & ColumnValues;

export interface TableData {
  readonly rows: number;
  /** Seconds since 1970 from which instants count, and the digits of their fraction. */
  readonly baseSeconds: number;
  readonly fractionDigits: number;
  /** Numbers of the rows that are out of the ordinary. */
  readonly odd: readonly number[];
  readonly columns: readonly ColumnData[];
}
