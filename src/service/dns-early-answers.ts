/**
 * Answers that were recorded just before their queries: captures of several interfaces or queues, and merged ones, have neighbouring packets
 * in either order. Each waits for its query a moment, found by flow and identifier.
 */
import { DnsField, DnsFlag } from "./dns-fields.ts";
import { TransactionField, type TransactionTable } from "./transaction-table.ts";

/** How far packets are out of order at most: more is another question. */
const EARLY_NS = 50e6;
/** While packets still come, from an answer's time on, in milliseconds: its query may yet be read, from a NIC whose packets come later. */
export const QUERY_MAY_COME_MS = 1000;
/** A power of two; of two answers in one place the later stays. */
const PLACES = 256;

export class EarlyAnswers {
  readonly #table: TransactionTable;
  /** Transaction of the answer, plus one. */
  readonly #places: Int32Array = new Int32Array(PLACES);

  constructor(table: TransactionTable) {
    this.#table = table;
  }

  /** An answer without a query, which is a transaction of its own until its query comes. */
  note(id: number, flow: number, messageId: number): void {
    this.#places[placeOf(flow, messageId)] = id + 1;
  }

  /** The transaction of the answer to a query that comes now; -1 without. */
  find(flow: number, messageId: number, atNs: number): number {
    const table = this.#table;
    const id = (this.#places[placeOf(flow, messageId)] ?? 0) - 1;
    if (id < 0 || !table.holds(id) || table.int(id, TransactionField.flow) !== flow) return -1;
    if ((table.int(id, DnsField.idAndType) & 0xffff) !== messageId) return -1;
    if ((table.int(id, DnsField.classAndFlags) & DnsFlag.unsolicited) === 0) return -1;
    return Math.abs(atNs - table.double(id, DnsField.answeredNs)) <= EARLY_NS ? id : -1;
  }
}

function placeOf(flow: number, messageId: number): number {
  const hash = Math.imul(flow, 0x9e3779b1) ^ Math.imul(messageId, 0x85ebca6b);
  return (hash ^ (hash >>> 16)) & (PLACES - 1);
}
