/** Hands the streams of wanted TCP flows to the listener: where each direction stands is kept in the flow's row, holes in the assembler. */
import type { Packet } from "../decode/packet.ts";
import { TcpFlag } from "../decode/tcp-flags.ts";
import { FlowField, FlowFlag, type FlowTable } from "./flow-table.ts";
import type { ConversationListener } from "./listener.ts";
import { StreamAssembler, type StreamSink } from "./reassembly.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Field = FlowField;
const State = FlowFlag;
const Flag = TcpFlag;

/** The streams of one analysis. */
export class Streams {
  private readonly flows: FlowTable;
  private readonly listener: ConversationListener;
  private readonly assembler: StreamAssembler;

  constructor(flows: FlowTable, listener: ConversationListener) {
    this.flows = flows;
    this.listener = listener;
    const sink: StreamSink = {
      stream: (flow, toPlatform, packet, atNs, view, start, end) =>
        listener.stream(flow, toPlatform, packet, atNs, view, start, end),
      gap: (flow, toPlatform, packet, atNs, bytes) => listener.gap(flow, toPlatform, packet, atNs, bytes),
      closed: (flow, toPlatform, packet, atNs, how) => this.close(flow, toPlatform, packet, atNs, how),
    };
    this.assembler = new StreamAssembler(sink);
  }

  /** Stream bytes that were not put together, because a buffer was full. */
  get bytesNotReassembled(): number {
    return this.assembler.bytesNotReassembled;
  }

  /** Takes in a segment of a wanted flow. */
  segment(flow: number, toPlatform: boolean, segment: Packet, packet: number, atNs: number): void {
    const flags = segment.tcpFlags;
    if ((flags & Flag.rst) !== 0) {
      this.end(flow, packet, atNs, "reset");
      return;
    }
    const view = this.flows.view(flow);
    const at = this.flows.at(flow);
    if ((flags & Flag.ack) !== 0)
      this.acknowledge(view, at, flow, !toPlatform, segment.acknowledgment | 0, packet, atNs);
    if (segment.payloadBytes === 0 && (flags & (Flag.syn | Flag.fin)) === 0) return;
    const state = view.getInt32(at + Field.flags, true);
    if ((state & closedFlag(toPlatform)) !== 0) return;
    const field = at + (toPlatform ? Field.streamTo : Field.streamFrom);
    let expected = view.getInt32(field, true);
    if ((state & startedFlag(toPlatform)) === 0) {
      expected = (segment.sequence + ((flags & Flag.syn) >> 1)) | 0;
      view.setInt32(at + Field.flags, state | startedFlag(toPlatform), true);
    }
    view.setInt32(field, this.assembler.segment(flow, toPlatform, expected, segment, packet, atNs), true);
  }

  /** Delivers what is held and closes what is still open. */
  end(flow: number, packet: number, atNs: number, how: "reset" | "let-go"): void {
    this.endDirection(flow, true, packet, atNs, how);
    this.endDirection(flow, false, packet, atNs, how);
  }

  /** Lets go of what is held for a flow that leaves the table. */
  release(flow: number): void {
    this.assembler.release(flow);
  }

  /** The first acknowledgment tells where a stream stands whose beginning was not captured. */
  private acknowledge(
    view: DataView,
    at: number,
    flow: number,
    toPlatform: boolean,
    ack: number,
    packet: number,
    atNs: number,
  ): void {
    const state = view.getInt32(at + Field.flags, true);
    if ((state & closedFlag(toPlatform)) !== 0) return;
    const field = at + (toPlatform ? Field.streamTo : Field.streamFrom);
    if ((state & startedFlag(toPlatform)) === 0) {
      view.setInt32(at + Field.flags, state | startedFlag(toPlatform), true);
      view.setInt32(field, ack, true);
      return;
    }
    const expected = view.getInt32(field, true);
    if (((ack - expected) | 0) <= 0) return;
    view.setInt32(field, this.assembler.acknowledged(flow, toPlatform, expected, ack, packet, atNs), true);
  }

  private endDirection(flow: number, toPlatform: boolean, packet: number, atNs: number, how: "reset" | "let-go"): void {
    const state = this.flows.int(flow, Field.flags);
    if ((state & closedFlag(toPlatform)) !== 0) return;
    const field = toPlatform ? Field.streamTo : Field.streamFrom;
    if ((state & startedFlag(toPlatform)) !== 0)
      this.flows.setInt(flow, field, this.assembler.flush(flow, toPlatform, this.flows.int(flow, field), packet, atNs));
    this.close(flow, toPlatform, packet, atNs, how);
  }

  private close(
    flow: number,
    toPlatform: boolean,
    packet: number,
    atNs: number,
    how: "fin" | "reset" | "let-go",
  ): void {
    const state = this.flows.int(flow, Field.flags);
    if ((state & closedFlag(toPlatform)) !== 0) return;
    this.flows.setInt(flow, Field.flags, state | closedFlag(toPlatform));
    this.listener.closed(flow, toPlatform, packet, atNs, how);
  }
}

function startedFlag(toPlatform: boolean): number {
  return toPlatform ? State.startedTo : State.startedFrom;
}

function closedFlag(toPlatform: boolean): number {
  return toPlatform ? State.closedTo : State.closedFrom;
}
