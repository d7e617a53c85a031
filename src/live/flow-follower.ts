/** Follows the flow table: tells each flow once when it was opened and once when it is over. */
import { FlowField, FlowKind } from "../flow/flow-table.ts";
import { TcpField, TcpSeen } from "../flow/tcp-table.ts";
import type { FlowTracker } from "../flow/tracker.ts";
import { LIVE_AGE_MS } from "../limits.ts";

/** After the last segment of a connection that both sides closed, in nanoseconds: the last acknowledgment belongs to it. */
const LAST_ACK_NS = 200e6;

/** A connection that is silent for so long, in nanoseconds, is told as over: it is about to be let go of. */
const SILENT_NS: number = (LIVE_AGE_MS - 300_000) * 1e6;

/** A row that was opened or is over. */
export interface FlowChange {
  row: number;
  change: "flow-opened" | "flow-closed";
}

const Told = { nothing: 0, opened: 1, closed: 2 } as const;

export class FlowFollower {
  /** By row: when the flow began that was told of, and what was told. A row that begins anew is another flow. */
  #startedNs = new Float64Array(0);
  #told = new Uint8Array(0);

  /** What changed since the last call, at most `limit`; the others come at the next one. */
  changes(tracker: FlowTracker, nowNs: number, limit: number): FlowChange[] {
    const { flows } = tracker;
    this.#grow(flows.rows);
    const changes: FlowChange[] = [];
    for (let row = 0; row < flows.rows && changes.length < limit; row++) {
      if (!flows.holds(row)) continue;
      const startedNs = flows.double(row, FlowField.startedNs);
      if (this.#startedNs[row] !== startedNs) {
        this.#startedNs[row] = startedNs;
        this.#told[row] = Told.opened;
        changes.push({ row, change: "flow-opened" });
      }
      if (this.#told[row] !== Told.opened || !isOver(tracker, row, nowNs)) continue;
      this.#told[row] = Told.closed;
      changes.push({ row, change: "flow-closed" });
    }
    return changes;
  }

  #grow(rows: number): void {
    if (rows <= this.#told.length) return;
    const startedNs = new Float64Array(Math.max(rows, 2 * this.#told.length, 256)).fill(Number.NaN);
    const told = new Uint8Array(startedNs.length);
    startedNs.set(this.#startedNs);
    told.set(this.#told);
    this.#startedNs = startedNs;
    this.#told = told;
  }
}

function isOver(tracker: FlowTracker, row: number, nowNs: number): boolean {
  const { flows, tcp } = tracker;
  if (flows.int(row, FlowField.kind) !== FlowKind.tcp) return tracker.isOver(row, nowNs);
  const silentNs = nowNs - flows.double(row, FlowField.endedNs);
  if (silentNs > SILENT_NS) return true;
  const tcpRow = flows.int(row, FlowField.tcp);
  const seen = tcpRow < 0 ? 0 : tcp.table.int(tcpRow, TcpField.seen);
  if ((seen & (TcpSeen.resetByVm | TcpSeen.resetByPlatform)) !== 0) return true;
  const fins = TcpSeen.finByVm | TcpSeen.finByPlatform;
  return (seen & fins) === fins && silentNs > LAST_ACK_NS;
}
