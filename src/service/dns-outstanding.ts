/**
 * Queries that wait for their answers, found by flow and identifier. A query is named by a reference: a transaction's id plus one, or the
 * negative of a retry's row plus one where the retry has a flow or identifier of its own; 0 is none. Lists by hash hold them, newest first.
 */
import type { RowTable } from "../flow/row-table.ts";
import { DnsField, RetryField } from "./dns-fields.ts";
import { TransactionField, type TransactionTable } from "./transaction-table.ts";

/** A power of two. */
const LISTS = 1 << 16;
/** References of one list that are looked at: what comes after is no longer waited for. */
const MAX_WALK = 64;

export class OutstandingQueries {
  /** How many wait. */
  count = 0;
  readonly #table: TransactionTable;
  readonly #retries: RowTable;
  readonly #lists: Int32Array = new Int32Array(LISTS);
  /** References looked at since `first`. */
  #walked = 0;

  constructor(table: TransactionTable, retries: RowTable) {
    this.#table = table;
    this.#retries = retries;
  }

  /** The newest query with that flow and identifier; 0 without. */
  first(flow: number, messageId: number): number {
    this.#walked = 0;
    return this.#seek(this.#lists[listOf(flow, messageId)] ?? 0, flow, messageId);
  }

  /** The one before it. */
  next(reference: number, flow: number, messageId: number): number {
    return this.#seek(this.#after(reference), flow, messageId);
  }

  insert(flow: number, messageId: number, reference: number): void {
    const list = listOf(flow, messageId);
    this.#setAfter(reference, this.#lists[list] ?? 0);
    this.#lists[list] = reference;
    this.count++;
  }

  /** Takes a query out, if it still waits. */
  remove(flow: number, messageId: number, reference: number): void {
    const list = listOf(flow, messageId);
    let before = 0;
    let current = this.#lists[list] ?? 0;
    for (let walked = 0; current !== 0 && walked < MAX_WALK; walked++) {
      const after = this.#after(current);
      if (current === reference) {
        if (before === 0) this.#lists[list] = after;
        else this.#setAfter(before, after);
        this.count--;
        return;
      }
      before = current;
      current = after;
    }
    if (before !== 0) this.#setAfter(before, 0); // too long a list: its end is given up
  }

  transactionOf(reference: number): number {
    return reference > 0 ? reference - 1 : this.#retries.int(-reference - 1, RetryField.transaction);
  }

  #seek(from: number, flow: number, messageId: number): number {
    let reference = from;
    while (reference !== 0 && this.#walked < MAX_WALK) {
      this.#walked++;
      if (this.#isKey(reference, flow, messageId)) return reference;
      reference = this.#after(reference);
    }
    return 0;
  }

  #isKey(reference: number, flow: number, messageId: number): boolean {
    if (reference > 0) {
      const table = this.#table;
      const id = reference - 1;
      return (
        table.int(id, TransactionField.flow) === flow && (table.int(id, DnsField.idAndType) & 0xffff) === messageId
      );
    }
    const retry = -reference - 1;
    return (
      this.#retries.int(retry, RetryField.flow) === flow && this.#retries.int(retry, RetryField.messageId) === messageId
    );
  }

  #after(reference: number): number {
    return reference > 0
      ? this.#table.int(reference - 1, DnsField.nextOutstanding)
      : this.#retries.int(-reference - 1, RetryField.nextOutstanding);
  }

  #setAfter(reference: number, after: number): void {
    if (reference > 0) this.#table.setInt(reference - 1, DnsField.nextOutstanding, after);
    else this.#retries.setInt(-reference - 1, RetryField.nextOutstanding, after);
  }
}

function listOf(flow: number, messageId: number): number {
  const hash = Math.imul(flow, 0x9e3779b1) ^ Math.imul(messageId, 0x85ebca6b);
  return (hash ^ (hash >>> 16)) & (LISTS - 1);
}
