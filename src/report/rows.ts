/** Lists that need not be arrays: a view over a table makes its rows at each access, so a million of them are never objects at once. */

/** Rows that can be walked and picked. An array is one. Rows may be made anew at each access: compare by what they hold. */
export interface Rows<Row> extends Iterable<Row> {
  readonly length: number;
  /** The row at `index`, from 0; undefined outside. */
  at(index: number): Row | undefined;
}

/** Rows made by `make` when they are asked for. `make` is called with indexes of `[0, length)` alone. */
export function lazyRows<Row>(length: number, make: (index: number) => Row): Rows<Row> {
  return {
    length,
    at(index: number): Row | undefined {
      return index >= 0 && index < length ? make(index) : undefined;
    },
    *[Symbol.iterator](): Iterator<Row> {
      for (let index = 0; index < length; index++) yield make(index);
    },
  };
}

/** The same rows, each turned by `make` when it is asked for. */
export function mapRows<From, To>(rows: Rows<From>, make: (row: From) => To): Rows<To> {
  return {
    length: rows.length,
    at(index: number): To | undefined {
      const row = rows.at(index);
      return row === undefined ? undefined : make(row);
    },
    *[Symbol.iterator](): Iterator<To> {
      for (const row of rows) yield make(row);
    },
  };
}

/** The rows of `indexes`, in that order, each made by `make`. */
export function pickedRows<Row>(indexes: ArrayLike<number>, make: (index: number) => Row): Rows<Row> {
  return lazyRows(indexes.length, (position) => make(indexes[position] ?? 0));
}

/** Whether any of `rows` is such a one. */
export function anyRow<Row>(rows: Iterable<Row>, is: (row: Row) => boolean): boolean {
  for (const row of rows) if (is(row)) return true;
  return false;
}
