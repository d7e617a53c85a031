/** TCP segments that acknowledge what was not captured so far, oldest first: copies, under a bound. */
import { Packet } from "../decode/packet.ts";
import { MAX_EARLY_SEGMENTS } from "../limits.ts";

/** One that waits. */
export interface EarlySegment {
  readonly flow: number;
  readonly toPlatform: boolean;
  /** What reassembly reads of a packet. */
  readonly segment: Packet;
  readonly packet: number;
  readonly atNs: number;
}

/** The segments that wait, of all flows. */
export class EarlySegments {
  private readonly waiting: EarlySegment[] = [];

  get count(): number {
    return this.waiting.length;
  }

  get isFull(): boolean {
    return this.waiting.length >= MAX_EARLY_SEGMENTS;
  }

  at(place: number): EarlySegment | undefined {
    return this.waiting[place];
  }

  /** Place of the first that waits for `flow`, from `place` on; -1 without one. */
  next(flow: number, place: number): number {
    for (let at = place; at < this.waiting.length; at++) if (this.waiting[at]?.flow === flow) return at;
    return -1;
  }

  add(flow: number, toPlatform: boolean, segment: Packet, packet: number, atNs: number): void {
    this.waiting.push({ flow, toPlatform, segment: copyOf(segment), packet, atNs });
  }

  remove(place: number): void {
    this.waiting.splice(place, 1);
  }
}

/** A packet, so that reassembly sees one kind of object. Of its block only the payload is kept. */
function copyOf(segment: Packet): Packet {
  const copy = new Packet();
  copy.kind = segment.kind;
  copy.sequence = segment.sequence;
  copy.acknowledgment = segment.acknowledgment;
  copy.tcpFlags = segment.tcpFlags;
  copy.payloadBytes = segment.payloadBytes;
  const captured = Math.min(segment.payloadEnd - segment.payloadStart, segment.payloadBytes);
  if (captured <= 0) return copy;
  const bytes = new Uint8Array(captured);
  bytes.set(new Uint8Array(segment.view.buffer, segment.view.byteOffset + segment.payloadStart, captured));
  copy.view = new DataView(bytes.buffer);
  copy.payloadEnd = captured;
  return copy;
}
