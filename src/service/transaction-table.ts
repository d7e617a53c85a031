/**
 * Rows of transactions, each of one flow, in order of their first packet. Ids count up from 0 and never change their meaning; at the bound
 * further ones are not kept ("stop") or the oldest is forgotten ("wrap"). The rows of one flow are a chain that starts in its flow row.
 */
import { FlowField, type FlowTable } from "../flow/flow-table.ts";
import type { PacketTableBound } from "../flow/packet-table.ts";
import { RowTable } from "../flow/row-table.ts";

/** Byte offsets of the fields that every transaction has; 32-bit integers. A store's own fields begin at TRANSACTION_BYTES. */
export const TransactionField = {
  /** -1 once the flow's row was released: the transaction is then no longer told. */
  flow: 0,
  /** Next transaction of the flow, plus one; 0 for the last. */
  next: 4,
  /** In a flow's first transaction: its last one, plus one. */
  last: 8,
  /** Packet that it began with; -1 when that is not in the packet table. */
  firstPacket: 12,
} as const;

export const TRANSACTION_BYTES = 16;

export class TransactionTable {
  readonly maxRows: number;
  /** Transactions ever kept: every id is below it. */
  count = 0;
  /** Oldest id that is still held. */
  first = 0;
  /** Transactions that were not kept because the table was full. */
  notKept = 0;
  /** Transactions of flows that went on that were forgotten. */
  forgotten = 0;
  /** Called for each of them before it is. */
  onForget: (id: number) => void = () => {};
  readonly #wraps: boolean;
  readonly #rows: RowTable;
  readonly #flows: FlowTable;
  /** Held transactions whose flow was released. */
  #released = 0;
  #latestPacket = -1;
  /** A transaction began with an earlier packet than one that was added before it. */
  #disordered = false;
  /** The ids that are told in order, where they are not simply all that are held; null when it must be made anew. */
  #told: Int32Array | null = null;

  constructor(rowBytes: number, maxRows: number, bound: PacketTableBound, flows: FlowTable) {
    this.maxRows = maxRows;
    this.#wraps = bound === "wrap";
    this.#rows = new RowTable(rowBytes, maxRows);
    this.#flows = flows;
  }

  holds(id: number): boolean {
    return id >= this.first && id < this.count;
  }

  /** A new transaction at the end of its flow's chain, its own fields zero; -1 when it is not kept. */
  add(flow: number, firstPacket: number): number {
    if (this.count - this.first === this.maxRows) {
      if (!this.#wraps) {
        this.notKept++;
        return -1;
      }
      this.#forgetOldest();
    }
    const id = this.count++;
    if (this.#wraps) this.#rows.clear(this.#rows.enter(id));
    else this.#rows.add();
    const view = this.view(id);
    const at = this.at(id);
    view.setInt32(at + TransactionField.flow, flow, true);
    view.setInt32(at + TransactionField.firstPacket, firstPacket, true);
    if (firstPacket < this.#latestPacket && firstPacket >= 0) this.#disordered = true;
    else this.#latestPacket = firstPacket;
    const head = this.#flows.int(flow, FlowField.serviceRow) - 1;
    if (head < 0) {
      this.#flows.setInt(flow, FlowField.serviceRow, id + 1);
      view.setInt32(at + TransactionField.last, id + 1, true);
    } else {
      this.setInt(this.int(head, TransactionField.last) - 1, TransactionField.next, id + 1);
      this.setInt(head, TransactionField.last, id + 1);
    }
    this.#told = null;
    return id;
  }

  /** First transaction of a flow that is held; -1 without. */
  firstOf(flow: number): number {
    return this.#flows.int(flow, FlowField.serviceRow) - 1;
  }

  /** The transaction after this one in its flow; -1 after the last. */
  nextOf(id: number): number {
    return this.int(id, TransactionField.next) - 1;
  }

  /** The flow's row will be used for another: its transactions are no longer told. */
  releaseFlow(flow: number): void {
    for (let id = this.firstOf(flow); id >= 0; id = this.nextOf(id)) {
      this.setInt(id, TransactionField.flow, -1);
      this.#released++;
    }
    this.#flows.setInt(flow, FlowField.serviceRow, 0);
    this.#told = null;
  }

  /** How many transactions can be told. */
  get length(): number {
    return this.count - this.first - this.#released;
  }

  /** Id of the transaction at this position, in order of first packet. */
  idAt(index: number): number {
    if (this.#released === 0 && !this.#disordered) return this.first + index;
    this.#told ??= this.#listTold();
    return this.#told[index] ?? -1;
  }

  /** The memory that holds a transaction; its fields begin at `at(id)`. */
  view(id: number): DataView {
    return this.#rows.view(this.#rowOf(id));
  }

  at(id: number): number {
    return this.#rows.at(this.#rowOf(id));
  }

  int(id: number, field: number): number {
    return this.#rows.int(this.#rowOf(id), field);
  }

  setInt(id: number, field: number, value: number): void {
    this.#rows.setInt(this.#rowOf(id), field, value);
  }

  double(id: number, field: number): number {
    return this.#rows.double(this.#rowOf(id), field);
  }

  setDouble(id: number, field: number, value: number): void {
    this.#rows.setDouble(this.#rowOf(id), field, value);
  }

  /** Ids are rows until the first is forgotten. */
  #rowOf(id: number): number {
    return this.#wraps ? id % this.maxRows : id;
  }

  /** Forgets the oldest transactions: those whose flow was released, and, of more than `least`, those that are `isOld`. */
  forgetWhile(isOld: (id: number) => boolean, least: number): void {
    while (this.first < this.count) {
      const isReleased = this.int(this.first, TransactionField.flow) < 0;
      if (!isReleased && (this.length <= least || !isOld(this.first))) return;
      this.#forgetOldest();
    }
  }

  /** The oldest transaction is always the first of its flow's chain. */
  #forgetOldest(): void {
    const id = this.first;
    const flow = this.int(id, TransactionField.flow);
    if (flow < 0) this.#released--;
    else {
      this.onForget(id);
      this.forgotten++;
      const next = this.nextOf(id);
      this.#flows.setInt(flow, FlowField.serviceRow, next + 1);
      if (next >= 0) this.setInt(next, TransactionField.last, this.int(id, TransactionField.last));
    }
    this.#rows.leave(id, this.count);
    this.first++;
    this.#told = null;
  }

  #listTold(): Int32Array {
    const told = new Int32Array(this.length);
    let index = 0;
    for (let id = this.first; id < this.count; id++) {
      if (this.int(id, TransactionField.flow) >= 0) told[index++] = id;
    }
    if (this.#disordered) told.sort((a, b) => this.#firstPacket(a) - this.#firstPacket(b) || a - b);
    return told;
  }

  #firstPacket(id: number): number {
    return this.int(id, TransactionField.firstPacket);
  }
}
