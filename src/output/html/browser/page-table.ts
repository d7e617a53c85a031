/** The rows of one table as values and as text, by row number and column. */
import { count, size, span, UNKNOWN } from "../../../report/values.ts";
import type { CellValue, ColumnData, TableData } from "../table-data.ts";

export class PageTable {
  readonly rows: number;
  readonly columns: readonly ColumnData[];
  readonly odd: ReadonlySet<number>;
  readonly #data: TableData;
  /** What a row's filter looks through, made when it is first needed. */
  #texts: string[] | null = null;

  constructor(data: TableData) {
    this.#data = data;
    this.rows = data.rows;
    this.columns = data.columns;
    this.odd = new Set(data.odd);
  }

  value(column: ColumnData, row: number): CellValue {
    if ("same" in column) return column.same;
    if ("each" in column) return column.each[row] ?? null;
    return column.words[column.at[row] ?? -1] ?? null;
  }

  text(column: ColumnData, row: number): string {
    return this.#textOf(column, this.value(column, row));
  }

  /** All of a row's text in lower case. */
  searched(row: number): string {
    this.#texts ??= Array.from({ length: this.rows }, (_, each) =>
      this.columns
        .map((column) => this.text(column, each))
        .join("\n")
        .toLowerCase(),
    );
    return this.#texts[row] ?? "";
  }

  #textOf(column: ColumnData, value: CellValue): string {
    if (value === null) return column.kind === "anomalies" ? "" : UNKNOWN;
    if (typeof value === "string") return value;
    switch (column.kind) {
      case "duration":
        return span(value);
      case "size":
        return size(value);
      case "instant":
        return this.#clock(value);
      case "number":
        return column.name === "flow" ? String(value) : count(value);
      default:
        return String(value);
    }
  }

  /** "04:09:20.123456" of nanoseconds from the base. */
  #clock(ns: number): string {
    const seconds = Math.floor(ns / 1e9);
    const text = new Date((this.#data.baseSeconds + seconds) * 1000).toISOString().slice(11, 19);
    const digits = Math.min(this.#data.fractionDigits, SHOWN_DIGITS);
    return `${text}.${String(Math.round(ns - seconds * 1e9))
      .padStart(9, "0")
      .slice(0, digits)}`;
  }
}

/** Digits of a second that fit in a row; the nanoseconds are in the other forms. */
const SHOWN_DIGITS = 6;
