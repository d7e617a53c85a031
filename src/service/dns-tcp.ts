/**
 * DNS messages in TCP streams (RFC 1035 section 4.2.2: each after its length in two bytes). A message that stands whole in one piece is
 * read in place. After bytes that were not captured, a piece that cannot start a message is passed over.
 */
import type { ByteBudget } from "../bytes/byte-budget.ts";
import { DNS_HEADER_BYTES } from "../decode/dns-name.ts";
import type { DnsTransactions } from "./dns.ts";
import { GrowingInts } from "./growing-ints.ts";

const LENGTH_BYTES = 2;
const FIRST_BUFFER_BYTES = 512;

/** One direction of a connection. */
class Direction {
  /** The current message with its length, as far as it came in several pieces. */
  buffer: Uint8Array = new Uint8Array(0);
  buffered = 0;
  /** Bytes of a message that was told already, because the capture cut it, that are still to come. */
  skip = 0;
  /** Where messages start is not known. */
  lost = false;
  closed = false;

  reset(budget: ByteBudget): void {
    this.closed = false;
    budget.give(this.buffer.length);
    this.buffer = new Uint8Array(0);
    this.buffered = 0;
    this.skip = 0;
    this.lost = false;
  }
}

class Connection {
  readonly to: Direction = new Direction();
  readonly from: Direction = new Direction();
}

/** Cuts the streams of all DNS connections into messages. */
export class DnsStreams {
  readonly #transactions: DnsTransactions;
  readonly #budget: ByteBudget;
  readonly #connections: Connection[] = [];
  readonly #free: number[] = [];
  /** Slot of a flow's connection, plus one. */
  readonly #slots: GrowingInts = new GrowingInts(16);

  /** Messages that come in several pieces are put together under `budget`. */
  constructor(transactions: DnsTransactions, budget: ByteBudget) {
    this.#transactions = transactions;
    this.#budget = budget;
  }

  /** The next bytes of one direction. */
  stream(
    flow: number,
    toPlatform: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
  ): void {
    const direction = this.#direction(flow, toPlatform);
    let at = start;
    if (direction.skip > 0) {
      const skipped = Math.min(direction.skip, end - at);
      direction.skip -= skipped;
      at += skipped;
    }
    if (direction.lost && at < end) direction.lost = !mayStart(view, at, end, toPlatform);
    while (at < end && !direction.lost) {
      if (direction.buffered > 0) at = this.#complete(direction, flow, toPlatform, packet, atNs, view, at, end);
      else at = this.#readPiece(direction, flow, toPlatform, packet, atNs, view, at, end);
    }
  }

  gap(flow: number, toPlatform: boolean, packet: number, atNs: number, bytes: number): void {
    const direction = this.#direction(flow, toPlatform);
    const buffered = direction.buffered;
    direction.buffered = 0;
    if (buffered < LENGTH_BYTES) {
      direction.skip = Math.max(0, direction.skip - bytes);
      direction.lost = direction.skip === 0;
      return;
    }
    const view = new DataView(direction.buffer.buffer, 0, buffered);
    const missing = LENGTH_BYTES + view.getUint16(0) - buffered;
    this.#transactions.message(flow, true, toPlatform, packet, atNs, view, LENGTH_BYTES, buffered, false);
    direction.skip = Math.max(0, missing - bytes);
    direction.lost = bytes > missing;
  }

  /** Nothing more of one direction will come. */
  closed(flow: number, toPlatform: boolean): void {
    const connection = this.#connections[this.#slots.get(flow) - 1];
    if (connection === undefined) return;
    (toPlatform ? connection.to : connection.from).closed = true;
    if (connection.to.closed && connection.from.closed) this.forget(flow);
  }

  /** The flow's row will be used for another. */
  forget(flow: number): void {
    const slot = this.#slots.get(flow) - 1;
    const connection = this.#connections[slot];
    if (connection === undefined) return;
    connection.to.reset(this.#budget);
    connection.from.reset(this.#budget);
    this.#free.push(slot);
    this.#slots.set(flow, 0);
  }

  #direction(flow: number, toPlatform: boolean): Direction {
    let slot = this.#slots.get(flow) - 1;
    if (slot < 0) {
      slot = this.#free.pop() ?? this.#connections.push(new Connection()) - 1;
      this.#slots.set(flow, slot + 1);
    }
    const connection = this.#connections[slot] ?? new Connection();
    return toPlatform ? connection.to : connection.from;
  }

  /** Reads a message that stands whole in this piece, or keeps the beginning of one that does not. */
  #readPiece(
    direction: Direction,
    flow: number,
    toPlatform: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    at: number,
    end: number,
  ): number {
    if (!mayStart(view, at, end, toPlatform)) {
      direction.lost = true;
      return end;
    }
    const messageEnd = end - at < LENGTH_BYTES ? end + 1 : at + LENGTH_BYTES + view.getUint16(at);
    if (messageEnd > end) {
      this.#append(direction, view, at, end);
      return end;
    }
    this.#transactions.message(flow, true, toPlatform, packet, atNs, view, at + LENGTH_BYTES, messageEnd, true);
    return messageEnd;
  }

  /** Adds what this piece has of the message that was begun in an earlier one. */
  #complete(
    direction: Direction,
    flow: number,
    toPlatform: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
  ): number {
    let at = start;
    if (direction.buffered < LENGTH_BYTES) {
      if (!this.#append(direction, view, at, at + 1)) return end;
      at++;
    }
    const length = ((direction.buffer[0] ?? 0) << 8) | (direction.buffer[1] ?? 0);
    const stop = Math.min(end, at + LENGTH_BYTES + length - direction.buffered);
    if (!this.#append(direction, view, at, stop)) return end;
    if (direction.buffered < LENGTH_BYTES + length) return stop;
    const whole = new DataView(direction.buffer.buffer, 0, direction.buffered);
    direction.buffered = 0;
    this.#transactions.message(flow, true, toPlatform, packet, atNs, whole, LENGTH_BYTES, whole.byteLength, true);
    return stop;
  }

  /** False when the budget does not allow it: the message is then lost, and the stream until a message may start again. */
  #append(direction: Direction, view: DataView, start: number, end: number): boolean {
    const needed = direction.buffered + (end - start);
    if (needed > direction.buffer.length) {
      const length = Math.max(needed, FIRST_BUFFER_BYTES, direction.buffer.length * 2);
      if (!this.#budget.take(length - direction.buffer.length)) {
        direction.buffered = 0;
        direction.lost = true;
        return false;
      }
      const larger = new Uint8Array(length);
      larger.set(direction.buffer.subarray(0, direction.buffered));
      direction.buffer = larger;
    }
    for (let at = start; at < end; at++) direction.buffer[direction.buffered++] = view.getUint8(at);
    return true;
  }
}

/** Whether a message of that direction may start here: a length with room for a header, and the right query bit where it is there. */
function mayStart(view: DataView, at: number, end: number, toPlatform: boolean): boolean {
  if (end - at < LENGTH_BYTES) return true;
  if (view.getUint16(at) < DNS_HEADER_BYTES) return false;
  if (end - at < 5) return true;
  return (view.getUint8(at + 4) & 0x80) === 0 ? toPlatform : !toPlatform;
}
