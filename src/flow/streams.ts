/**
 * Hands the streams of wanted TCP flows to the listener: where each direction stands is kept in the flow's row, holes in the assembler. A
 * segment that acknowledges what was not captured so far waits for it a moment, for a capture may hold an answer before what it answers.
 */
import type { Packet } from "../decode/packet.ts";
import { TcpFlag } from "../decode/tcp-flags.ts";
import { EarlySegments } from "./early-segments.ts";
import { FlowField, FlowFlag, type FlowTable } from "./flow-table.ts";
import type { ConversationListener } from "./listener.ts";
import { LATE_CAPTURE_NS } from "./pending-holes.ts";
import { MAX_WINDOW_BYTES, StreamAssembler, type StreamSink } from "./reassembly.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Field = FlowField;
const State = FlowFlag;
const Flag = TcpFlag;

/** The streams of one analysis. */
export class Streams {
  private readonly flows: FlowTable;
  private readonly listener: ConversationListener;
  private readonly assembler: StreamAssembler;
  private readonly early: EarlySegments = new EarlySegments();

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
    if (this.early.count > 0) this.settle(atNs - LATE_CAPTURE_NS);
    const waits =
      (this.early.count > 0 && this.isResetAfterOthers(segment, flow, this.early.count)) ||
      !this.take(flow, toPlatform, segment, packet, atNs, true);
    if (waits) {
      if (this.early.isFull) this.settleOne(0);
      this.early.add(flow, toPlatform, segment, packet, atNs);
    } else if (this.early.count > 0) this.catchUp(flow);
  }

  /** What came before `beforeNs` waits no longer. */
  settle(beforeNs: number): void {
    for (let first = this.early.at(0); first !== undefined && first.atNs < beforeNs; first = this.early.at(0))
      this.settleOne(0);
  }

  /** Delivers what is held and closes what is still open. */
  end(flow: number, packet: number, atNs: number, how: "reset" | "let-go"): void {
    while (this.early.next(flow, 0) >= 0) this.settleOne(this.early.next(flow, 0));
    this.endBoth(flow, packet, atNs, how);
  }

  /** Lets go of what is held for a flow that leaves the table. */
  release(flow: number): void {
    while (this.early.next(flow, 0) >= 0) this.early.remove(this.early.next(flow, 0));
    this.assembler.release(flow);
  }

  private settleOne(place: number): void {
    const one = this.early.at(place);
    if (one === undefined) return;
    this.early.remove(place);
    this.take(one.flow, one.toPlatform, one.segment, one.packet, one.atNs, false);
    this.catchUp(one.flow);
  }

  /** Takes in what waited and need not any more; each may be what others wait for. */
  private catchUp(flow: number): void {
    let place = this.early.next(flow, 0);
    while (place >= 0) {
      const one = this.early.at(place);
      if (one === undefined) return;
      const waits =
        this.isResetAfterOthers(one.segment, flow, place) ||
        !this.take(flow, one.toPlatform, one.segment, one.packet, one.atNs, true);
      if (!waits) this.early.remove(place);
      place = this.early.next(flow, waits ? place + 1 : 0);
    }
  }

  /** False when the segment `mayWait` and had better: nothing of it was taken in then. */
  private take(
    flow: number,
    toPlatform: boolean,
    segment: Packet,
    packet: number,
    atNs: number,
    mayWait: boolean,
  ): boolean {
    const flags = segment.tcpFlags;
    const view = this.flows.view(flow);
    const at = this.flows.at(flow);
    const isReset = (flags & Flag.rst) !== 0;
    // What a RST acknowledges is often made up: it is worth a moment, and no more.
    if ((flags & Flag.ack) !== 0 && (mayWait || !isReset)) {
      const ack = segment.acknowledgment | 0;
      if (!this.acknowledge(view, at, flow, !toPlatform, ack, packet, atNs, mayWait)) return false;
    }
    if (isReset) {
      this.endBoth(flow, packet, atNs, "reset");
      return true;
    }
    if (segment.payloadBytes === 0 && (flags & (Flag.syn | Flag.fin)) === 0) return true;
    const state = view.getInt32(at + Field.flags, true);
    if ((state & closedFlag(toPlatform)) !== 0) return true;
    const field = at + (toPlatform ? Field.streamTo : Field.streamFrom);
    let expected = view.getInt32(field, true);
    if ((state & startedFlag(toPlatform)) === 0) {
      expected = (segment.sequence + ((flags & Flag.syn) >> 1)) | 0;
      view.setInt32(at + Field.flags, state | startedFlag(toPlatform), true);
    }
    view.setInt32(field, this.assembler.segment(flow, toPlatform, expected, segment, packet, atNs), true);
    return true;
  }

  private endBoth(flow: number, packet: number, atNs: number, how: "reset" | "let-go"): void {
    this.endDirection(flow, true, packet, atNs, how);
    this.endDirection(flow, false, packet, atNs, how);
  }

  /** Everything of the flow that came before a RST goes before it. */
  private isResetAfterOthers(segment: Packet, flow: number, place: number): boolean {
    if ((segment.tcpFlags & Flag.rst) === 0) return false;
    const first = this.early.next(flow, 0);
    return first >= 0 && first < place;
  }

  /**
   * The first acknowledgment tells where a stream stands whose beginning was not captured. False when it is one of what was not captured
   * so far, and `mayWait`.
   */
  private acknowledge(
    view: DataView,
    at: number,
    flow: number,
    toPlatform: boolean,
    ack: number,
    packet: number,
    atNs: number,
    mayWait: boolean,
  ): boolean {
    const state = view.getInt32(at + Field.flags, true);
    if ((state & closedFlag(toPlatform)) !== 0) return true;
    const field = at + (toPlatform ? Field.streamTo : Field.streamFrom);
    if ((state & startedFlag(toPlatform)) === 0) {
      view.setInt32(at + Field.flags, state | startedFlag(toPlatform), true);
      view.setInt32(field, ack, true);
      return true;
    }
    const expected = view.getInt32(field, true);
    const ahead = (ack - expected) | 0;
    if (ahead <= 0 || ahead > MAX_WINDOW_BYTES) return true;
    if (mayWait) return false;
    view.setInt32(field, this.assembler.acknowledged(flow, toPlatform, expected, ack, packet, atNs), true);
    return true;
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
