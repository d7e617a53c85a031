/** Which rows of a long list are in the page: those that can be seen, and some around them. */

/** Rows above and below those that can be seen, so that a turn of the wheel shows no hole. */
const ROWS_AROUND = 12;

export interface RowWindow {
  /** First row, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** The window of a list of `rows` of `rowHeight` each, scrolled down by `scrollTop` in a view of `viewHeight`. */
export function windowOf(rows: number, rowHeight: number, scrollTop: number, viewHeight: number): RowWindow {
  const first = Math.floor(scrollTop / rowHeight);
  const seen = Math.ceil(viewHeight / rowHeight);
  const from = Math.max(0, Math.min(first, rows - seen) - ROWS_AROUND);
  return { from, to: Math.min(rows, from + seen + 2 * ROWS_AROUND) };
}
