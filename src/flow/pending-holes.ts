/**
 * What was acknowledged and is not captured so far. A capture of several queues, CPUs or interfaces may hold an acknowledgment up to about half
 * a millisecond before what it acknowledges.
 */
import { MAX_PENDING_HOLES } from "../limits.ts";

/** What comes no later than this was captured late; a sender that waits for an acknowledgment sends again after 200 ms at the least. */
export const LATE_CAPTURE_NS = 3e6;

interface Hole {
  /** The connection's row, and who sent what is missing. */
  readonly row: number;
  readonly toPlatform: boolean;
  readonly start: number;
  /** Still missing from `start` on, however much of it is. */
  bytes: number;
  /** Of the acknowledgments the first packet, and when the latest came. */
  readonly packet: number;
  atNs: number;
}

/** The holes of all connections, oldest first. */
export class PendingHoles {
  /** Index of the packet that first acknowledged the hole that `takeBack` filled just now; -1 while some of it is missing. */
  filledSince = -1;
  private readonly holes: Hole[] = [];

  get count(): number {
    return this.holes.length;
  }

  /** So many bytes from `start` on are missing. What was acknowledged just before them and is still awaited is one hole with them. */
  note(row: number, toPlatform: boolean, start: number, bytes: number, packet: number, atNs: number): void {
    this.expire(atNs);
    const known = this.of(row, toPlatform);
    if (known !== undefined) {
      known.bytes += bytes;
      known.atNs = atNs;
      return;
    }
    if (this.holes.length >= MAX_PENDING_HOLES) this.holes.shift();
    this.holes.push({ row, toPlatform, start, bytes, packet, atNs });
  }

  /** How much of what is missing a segment with the sequence numbers `[start, end)` brings, of which all before `edge` was acknowledged. */
  takeBack(row: number, toPlatform: boolean, start: number, end: number, edge: number, atNs: number): number {
    this.filledSince = -1;
    this.expire(atNs);
    const hole = this.of(row, toPlatform);
    if (hole === undefined) return 0;
    const from = ((start - hole.start) | 0) < 0 ? hole.start : start;
    const to = ((end - edge) | 0) > 0 ? edge : end;
    const bytes = Math.min((to - from) | 0, hole.bytes);
    if (bytes <= 0) return 0;
    hole.bytes -= bytes;
    if (hole.bytes === 0) {
      this.filledSince = hole.packet;
      this.remove(hole);
    }
    return bytes;
  }

  /** Lets go of a connection's holes. */
  release(row: number): void {
    for (const hole of this.holes.filter((one) => one.row === row)) this.remove(hole);
  }

  private of(row: number, toPlatform: boolean): Hole | undefined {
    return this.holes.find((one) => one.row === row && one.toPlatform === toPlatform);
  }

  private expire(nowNs: number): void {
    for (let at = this.holes.length - 1; at >= 0; at--)
      if (Math.abs(nowNs - (this.holes[at]?.atNs ?? 0)) > LATE_CAPTURE_NS) this.holes.splice(at, 1);
  }

  private remove(hole: Hole): void {
    this.holes.splice(this.holes.indexOf(hole), 1);
  }
}
