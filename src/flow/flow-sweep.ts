/** Chooses which flow gives way when the flow table is full: those that a flood left behind before those that had an answer. */
import { FlowField, FlowKind, type FlowTable } from "./flow-table.ts";
import { TcpField, TcpSeen, type TcpTable } from "./tcp-table.ts";

/** Rows looked at for one that gives way: the cost of a new flow stays bounded. */
const PROBES = 64;

/** Time after the end of a TCP connection in which late packets are still its own: Zeek's tcp_connection_linger. */
const LINGER_NS = 5e9;

/**
 * Goes round the table row by row, so that of equal flows the oldest give way first. Never chosen offline: a flow with packets in both
 * directions, and DHCP. A live session may lose any flow: those that ended first, then the longest silent of those looked at.
 */
export class FlowSweep {
  private readonly flows: FlowTable;
  private readonly tcp: TcpTable;
  private readonly live: boolean;
  private readonly inactivityNs: number;
  private hand = 0;

  constructor(flows: FlowTable, tcp: TcpTable, live: boolean, inactivityNs: number) {
    this.flows = flows;
    this.tcp = tcp;
    this.live = live;
    this.inactivityNs = inactivityNs;
  }

  /** The flow that gives way at `nowNs`; -1 when none does. */
  victim(nowNs: number): number {
    const { flows } = this;
    let unanswered = -1;
    let silent = -1;
    for (let probe = 0; probe < PROBES; probe++) {
      const flow = this.hand;
      this.hand = (this.hand + 1) % flows.rows;
      if (!flows.holds(flow)) continue;
      if (this.live && this.isOver(flow, nowNs)) return flow;
      if (this.isUnanswered(flow)) {
        if (flows.int(flow, FlowField.packetsTo) + flows.int(flow, FlowField.packetsFrom) <= 1) return flow;
        if (unanswered < 0) unanswered = flow;
      }
      if (silent < 0 || flows.double(flow, FlowField.endedNs) < flows.double(silent, FlowField.endedNs)) silent = flow;
    }
    if (unanswered >= 0) return unanswered;
    return this.live ? silent : -1;
  }

  /** One direction is all that there is. */
  isUnanswered(flow: number): boolean {
    const { flows } = this;
    if (flows.int(flow, FlowField.kind) === FlowKind.dhcp) return false;
    return flows.int(flow, FlowField.packetsTo) === 0 || flows.int(flow, FlowField.packetsFrom) === 0;
  }

  /** Ended by both sides or reset, with time for late packets; or, without connections, silent for long. */
  isOver(flow: number, nowNs: number): boolean {
    const silentNs = nowNs - this.flows.double(flow, FlowField.endedNs);
    const row = this.flows.int(flow, FlowField.tcp);
    if (row < 0) return silentNs > this.inactivityNs;
    if (silentNs <= LINGER_NS) return false;
    const seen = this.tcp.int(row, TcpField.seen);
    const fins = TcpSeen.finByVm | TcpSeen.finByPlatform;
    return (seen & fins) === fins || (seen & (TcpSeen.resetByVm | TcpSeen.resetByPlatform)) !== 0;
  }
}
