/**
 * TCP stream reassembly, RFC 9293 section 3.10.7.4: each byte of a direction is delivered in order and once. Of bytes that come
 * twice the first copy counts, as in most receivers; a copy that differs is not told apart.
 *
 * The position in a stream is the caller's, one 32-bit number for each direction: the next sequence number to deliver. A stream
 * without holes costs no more than that, and its bytes go on straight from the block. What comes early is copied and held under a
 * bound until the hole before it is filled, or is known never to be.
 */
import { type Packet, PacketKind } from "../decode/packet.ts";
import { TcpFlag } from "../decode/tcp-flags.ts";
import { MAX_STREAM_BYTES, MAX_STREAM_STRETCHES, MAX_STREAMS_BYTES } from "../limits.ts";
import { costOf, HELD_OVERHEAD_BYTES, HeldStream, place } from "./held-stream.ts";
import type { ConversationListener } from "./listener.ts";

/** Where delivered streams go. */
export type StreamSink = Pick<ConversationListener, "stream" | "gap" | "closed">;

/** Largest window that a receiver can open, RFC 7323 section 2.3: what lies further ahead belongs to no such stream. */
export const MAX_WINDOW_BYTES: number = 1 << 30;

/** Puts the streams of one analysis together. The sink must not call back into it. */
export class StreamAssembler {
  /** Stream bytes that a bound made it give up: held and let go, or no longer waited for. */
  bytesNotReassembled = 0;
  /** Bytes held now, with overhead. */
  heldBytes = 0;
  private readonly sink: StreamSink;
  private readonly maxStreamBytes: number;
  private readonly maxBytes: number;
  /** By flow and direction, oldest hole first. */
  private readonly streams: Map<number, HeldStream> = new Map();

  constructor(sink: StreamSink, maxStreamBytes: number = MAX_STREAM_BYTES, maxBytes: number = MAX_STREAMS_BYTES) {
    this.sink = sink;
    this.maxStreamBytes = maxStreamBytes;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes in one TCP segment with payload or FIN; others change nothing. `expected` is the next sequence number of the direction:
   * that of its SYN and 1, or of the first segment captured. Returns the new one. Tells `closed` once, when all before the FIN was
   * delivered: the caller then passes no more segments of that direction.
   */
  segment(flow: number, toPlatform: boolean, expected: number, segment: Packet, packet: number, atNs: number): number {
    if (segment.kind !== PacketKind.tcp) return expected;
    const flags = segment.tcpFlags;
    const fin = flags & TcpFlag.fin;
    const bytes = segment.payloadBytes;
    const ahead = (segment.sequence + ((flags & TcpFlag.syn) >> 1) - expected) | 0;
    if (ahead + bytes + fin <= 0 || bytes + fin === 0 || ahead > MAX_WINDOW_BYTES) return expected;
    if (ahead > 0 || (this.streams.size > 0 && this.streams.has(streamKey(flow, toPlatform))))
      return this.hold(flow, toPlatform, expected, ahead, segment, packet, atNs);
    const start = segment.payloadStart - ahead;
    const end = Math.min(segment.payloadEnd, segment.payloadStart + bytes);
    const missing = ahead + bytes - Math.max(end - start, 0);
    if (end > start) this.sink.stream(flow, toPlatform, packet, atNs, segment.view, start, end);
    if (missing > 0) this.sink.gap(flow, toPlatform, packet, atNs, missing);
    if (fin !== 0) this.sink.closed(flow, toPlatform, packet, atNs, "fin");
    return (expected + ahead + bytes + fin) | 0;
  }

  /**
   * The other side acknowledged all before `acknowledgment`: what is missing before it was not captured and is given up. `flow` and
   * `toPlatform` name the direction of the acknowledged bytes. Returns its new expected sequence number.
   */
  acknowledged(
    flow: number,
    toPlatform: boolean,
    expected: number,
    acknowledgment: number,
    packet: number,
    atNs: number,
  ): number {
    const ahead = (acknowledgment - expected) | 0;
    if (ahead <= 0 || ahead > MAX_WINDOW_BYTES) return expected;
    const held = this.streams.size > 0 ? this.streams.get(streamKey(flow, toPlatform)) : undefined;
    if (held !== undefined) return this.deliver(flow, toPlatform, expected, held, ahead, packet, atNs);
    this.sink.gap(flow, toPlatform, packet, atNs, ahead);
    return (expected + ahead) | 0;
  }

  /** Delivers all that one direction still holds, with gaps for what is missing: its time is over. Returns the new expected sequence number. */
  flush(flow: number, toPlatform: boolean, expected: number, packet: number, atNs: number): number {
    const held = this.streams.size > 0 ? this.streams.get(streamKey(flow, toPlatform)) : undefined;
    if (held === undefined) return expected;
    const last = held.stretches.at(-1);
    const lastEnd = last === undefined ? 0 : ((last.sequence - expected) | 0) + last.length;
    const finEnd = held.fin === null ? 0 : (held.fin - expected) | 0;
    return this.deliver(flow, toPlatform, expected, held, Math.max(lastEnd, finEnd), packet, atNs);
  }

  /** Lets go of what both directions of `flow` hold, undelivered. */
  release(flow: number): void {
    if (this.streams.size === 0) return;
    this.drop(streamKey(flow, false));
    this.drop(streamKey(flow, true));
  }

  /** Keeps what is new of a segment that comes early, or into a stream with a hole; then delivers what is in order. */
  private hold(
    flow: number,
    toPlatform: boolean,
    expected: number,
    ahead: number,
    segment: Packet,
    packet: number,
    atNs: number,
  ): number {
    const key = streamKey(flow, toPlatform);
    let held = this.streams.get(key);
    if (held === undefined) {
      held = new HeldStream();
      this.streams.set(key, held);
      this.heldBytes += HELD_OVERHEAD_BYTES;
    }
    const before = held.heldBytes;
    const captured = Math.max(Math.min(segment.payloadEnd - segment.payloadStart, segment.payloadBytes), 0);
    const from = Math.max(ahead, 0);
    place(held, expected, from, ahead + captured, segment.view, segment.payloadStart - ahead, packet);
    place(held, expected, Math.max(from, ahead + captured), ahead + segment.payloadBytes, null, 0, packet);
    if ((segment.tcpFlags & TcpFlag.fin) !== 0 && held.fin === null)
      held.fin = (expected + ahead + segment.payloadBytes) | 0;
    this.heldBytes += held.heldBytes - before;

    let next = this.deliver(flow, toPlatform, expected, held, 0, packet, atNs);
    while (this.isTooMuch(held)) {
      const hole = ((held.stretches[0]?.sequence ?? next) - next) | 0;
      this.bytesNotReassembled += hole;
      next = this.deliver(flow, toPlatform, next, held, hole, packet, atNs);
    }
    while (this.heldBytes > this.maxBytes) this.dropOldest();
    return next;
  }

  private isTooMuch(held: HeldStream): boolean {
    const { length } = held.stretches;
    return length > MAX_STREAM_STRETCHES || (length > 0 && held.heldBytes > this.maxStreamBytes);
  }

  /**
   * Delivers what is held from `expected` on: all before the distance `until`, with gaps for what is missing there, and what follows
   * that without a hole. Forgets the stream when nothing is left.
   */
  private deliver(
    flow: number,
    toPlatform: boolean,
    expected: number,
    held: HeldStream,
    until: number,
    packet: number,
    atNs: number,
  ): number {
    const key = streamKey(flow, toPlatform);
    const before = held.heldBytes;
    let next = expected;
    let left = until;
    let used = 0;
    let closes = false;
    for (;;) {
      const finAhead = held.fin === null ? Number.POSITIVE_INFINITY : (held.fin - next) | 0;
      if (finAhead <= 0) {
        closes = true;
        break;
      }
      const stretch = held.stretches[used];
      const ahead = stretch === undefined ? Number.POSITIVE_INFINITY : (stretch.sequence - next) | 0;
      const reach = Math.min(ahead, finAhead);
      if (reach > 0) {
        const missing = Math.min(reach, left);
        if (missing <= 0) break;
        this.sink.gap(flow, toPlatform, packet, atNs, missing);
        next = (next + missing) | 0;
        left -= missing;
        continue;
      }
      if (stretch === undefined) break;
      used++;
      held.heldBytes -= costOf(stretch);
      const length = Math.min(stretch.length, finAhead);
      if (stretch.bytes === null) this.sink.gap(flow, toPlatform, stretch.packet, atNs, length);
      else this.sink.stream(flow, toPlatform, stretch.packet, atNs, stretch.bytes, 0, length);
      next = (next + length) | 0;
      left -= length;
    }
    if (used > 0) held.stretches.splice(0, used);
    this.heldBytes += held.heldBytes - before;
    if (closes) {
      this.sink.closed(flow, toPlatform, packet, atNs, "fin");
      next = (next + 1) | 0;
      this.drop(key);
      held.stretches = [];
    } else if (held.stretches.length === 0 && held.fin === null) this.drop(key);
    return next;
  }

  private dropOldest(): void {
    const oldest = this.streams.entries().next();
    if (oldest.done === true) return;
    const [key, held] = oldest.value;
    for (const stretch of held.stretches) this.bytesNotReassembled += stretch.bytes?.byteLength ?? 0;
    this.drop(key);
  }

  private drop(key: number): void {
    const held = this.streams.get(key);
    if (held === undefined) return;
    this.heldBytes -= held.heldBytes;
    this.streams.delete(key);
  }
}

function streamKey(flow: number, toPlatform: boolean): number {
  return flow * 2 + (toPlatform ? 1 : 0);
}
