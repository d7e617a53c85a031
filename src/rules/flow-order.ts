/** The flows that are told about, in order of first packet: which row of the flow table has which id, and the reverse. */
import { FlowField, FlowKind, type FlowTable } from "../flow/flow-table.ts";

/** Ids count from 0 without holes; rows may have been given back and used again: then times tell the order. */
export class FlowOrder {
  readonly count: number;
  /** Null when ids are row numbers. */
  private readonly rows: Int32Array | null;
  private readonly ids: Int32Array | null;

  constructor(flows: FlowTable) {
    const told: number[] = [];
    for (let row = 0; row < flows.rows; row++) {
      if (flows.int(row, FlowField.kind) !== FlowKind.free) told.push(row);
    }
    this.count = told.length;
    if (flows.released === 0) {
      this.rows = null;
      this.ids = null;
      return;
    }
    const started = (row: number): number => flows.double(row, FlowField.startedNs);
    told.sort((a, b) => started(a) - started(b) || a - b);
    this.rows = Int32Array.from(told);
    this.ids = new Int32Array(flows.rows).fill(-1);
    for (const [id, row] of told.entries()) this.ids[row] = id;
  }

  /** True when every id is its row's number. */
  get isIdentity(): boolean {
    return this.rows === null;
  }

  /** Row of the flow with this id, which is below `count`. */
  rowOf(id: number): number {
    return this.rows === null ? id : (this.rows[id] ?? -1);
  }

  /** Id of the flow in this row; -1 when it is not told about. */
  idOf(row: number): number {
    return this.ids === null ? row : (this.ids[row] ?? -1);
  }
}
