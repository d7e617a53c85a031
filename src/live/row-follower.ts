/** Follows a list of transactions that grows at its end: tells each one once, when it is done. */

/** Where the transactions are: ids count up and never change their meaning; positions do. */
export interface FollowedRows<Row> {
  readonly length: number;
  /** Id of the row at this position; ascending, but for late packets. */
  idAt(position: number): number;
  rowAt(position: number): Row | undefined;
}

/** Rows that are not done and are waited for at once. Of more, the oldest are told as they are. */
const MAX_WAITING = 4096;

export class RowFollower<Row> {
  readonly #isDone: (row: Row, nowMs: number) => boolean;
  readonly #waiting = new Set<number>();
  #nextId = 0;

  constructor(isDone: (row: Row, nowMs: number) => boolean) {
    this.#isDone = isDone;
  }

  /** Rows that have come to their end since the last call, oldest first, at most `limit`; the others come at the next one. */
  done(rows: FollowedRows<Row>, nowMs: number, limit: number): Row[] {
    const told: Row[] = [];
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const id of waiting) this.#look(rows, positionOf(rows, id), id, nowMs, limit, told);
    for (let position = positionFrom(rows, this.#nextId); position < rows.length; position++) {
      if (told.length >= limit || this.#waiting.size >= MAX_WAITING) break;
      const id = rows.idAt(position);
      this.#look(rows, position, id, nowMs, limit, told);
      this.#nextId = Math.max(this.#nextId, id + 1);
    }
    return told;
  }

  #look(rows: FollowedRows<Row>, position: number, id: number, nowMs: number, limit: number, told: Row[]): void {
    const row = position < 0 ? undefined : rows.rowAt(position);
    if (row === undefined) return;
    if (told.length < limit && this.#isDone(row, nowMs)) told.push(row);
    else this.#waiting.add(id);
  }
}

/** First position whose id is at least `id`. */
function positionFrom<Row>(rows: FollowedRows<Row>, id: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows.idAt(middle) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function positionOf<Row>(rows: FollowedRows<Row>, id: number): number {
  const position = positionFrom(rows, id);
  return position < rows.length && rows.idAt(position) === id ? position : -1;
}
