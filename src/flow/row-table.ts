/**
 * Rows of fixed size in pages of raw memory: millions of them are a few hundred buffers, none of which the garbage collector walks.
 * A field is its byte offset in the row: a 32-bit integer on a multiple of four, a double on a multiple of eight.
 */
const PAGE_SHIFT = 12;
const PAGE_ROWS: number = 1 << PAGE_SHIFT;
const ROW_MASK: number = PAGE_ROWS - 1;

/**
 * A table of numbered rows. It grows by a page at a time without copying, up to its bound; given-back rows are used again. Or, with `enter`
 * and `leave` instead of `add` and `release`, a ring: then only the pages of the numbers between the oldest and the newest have memory.
 */
export class RowTable {
  readonly rowBytes: number;
  readonly maxRows: number;
  /** Rows ever used at once: every row index is below it. Rows that were given back count. */
  rows = 0;
  /** Rows in use now. */
  used = 0;
  private readonly pages: (DataView | undefined)[] = [];
  private readonly free: number[] = [];

  /** `rowBytes` must be a multiple of eight. */
  constructor(rowBytes: number, maxRows: number) {
    this.rowBytes = rowBytes;
    this.maxRows = maxRows;
  }

  /** A row with all bytes zero; -1 when the table is full. */
  add(): number {
    const freed = this.free.pop();
    if (freed !== undefined) {
      this.clear(freed);
      this.used++;
      return freed;
    }
    const row = this.rows;
    if (row === this.maxRows) return -1;
    if ((row & ROW_MASK) === 0) this.pages.push(this.newPage());
    this.rows++;
    this.used++;
    return row;
  }

  /** Gives a row back. Its contents stay until `add` hands it out again. Each row at most once. */
  release(row: number): void {
    this.free.push(row);
    this.used--;
  }

  /** Row of a ring's next number, at most `maxRows` after the oldest that has not left. Its bytes are those of a number that left, or zero. */
  enter(number: number): number {
    const row = number % this.maxRows;
    const page = row >>> PAGE_SHIFT;
    if (this.pages[page] === undefined) this.pages[page] = this.newPage();
    return row;
  }

  /** The oldest number of a ring leaves; `next` is the one that enters next. A page that no number needs any more is let go of. */
  leave(number: number, next: number): void {
    const row = number % this.maxRows;
    const isLastOfPage = (row & ROW_MASK) === ROW_MASK || row === this.maxRows - 1;
    const isUsedAgain = next > number - (row & ROW_MASK) + this.maxRows;
    if (isLastOfPage && !isUsedAgain) this.pages[row >>> PAGE_SHIFT] = undefined;
  }

  /** Whether a row has memory; what has none counts as zero. */
  hasPage(row: number): boolean {
    return this.pages[row >>> PAGE_SHIFT] !== undefined;
  }

  /** The memory that holds `row`; its fields begin at `at(row)`. For code that touches many fields of one row. */
  view(row: number): DataView {
    const page = this.pages[row >>> PAGE_SHIFT];
    if (page === undefined) throw new RangeError(`no row ${row}`);
    return page;
  }

  /** Byte offset of `row` in `view(row)`. */
  at(row: number): number {
    return (row & ROW_MASK) * this.rowBytes;
  }

  int(row: number, field: number): number {
    return this.view(row).getInt32(this.at(row) + field, true);
  }

  setInt(row: number, field: number, value: number): void {
    this.view(row).setInt32(this.at(row) + field, value, true);
  }

  addInt(row: number, field: number, more: number): void {
    const view = this.view(row);
    const at = this.at(row) + field;
    view.setInt32(at, view.getInt32(at, true) + more, true);
  }

  double(row: number, field: number): number {
    return this.view(row).getFloat64(this.at(row) + field, true);
  }

  setDouble(row: number, field: number, value: number): void {
    this.view(row).setFloat64(this.at(row) + field, value, true);
  }

  addDouble(row: number, field: number, more: number): void {
    const view = this.view(row);
    const at = this.at(row) + field;
    view.setFloat64(at, view.getFloat64(at, true) + more, true);
  }

  private newPage(): DataView {
    return new DataView(new ArrayBuffer(PAGE_ROWS * this.rowBytes));
  }

  clear(row: number): void {
    const view = this.view(row);
    const start = this.at(row);
    for (let at = start; at < start + this.rowBytes; at += 8) view.setFloat64(at, 0, true);
  }
}
