/** Looks an instant up in rows that are in order of time, so that a million of them are never walked for each of a million others. */

/** Index of the first row that is not before `fromNs`; the number of rows when all are. */
export function firstNotBefore<Row>(rows: readonly Row[], fromNs: number, atNs: (row: Row) => number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && atNs(row) < fromNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
