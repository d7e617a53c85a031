/**
 * Fragments put together: IPv4, RFC 791 section 3.2 (and RFC 815 for what a hole is), IPv6, RFC 8200 section 4.5. Of overlapping IPv4
 * fragments the first copy of each byte counts; an IPv6 datagram with an overlap is let go as a whole (RFC 5722).
 */
import type { Packet } from "../decode/packet.ts";
import { MAX_DATAGRAM_FRAGMENTS, MAX_FRAGMENTED_DATAGRAMS, MAX_FRAGMENTS_BYTES } from "../limits.ts";

/** How long a datagram may take from its first fragment on, RFC 8200 section 4.5; IPv4 stacks wait half of it or less. */
export const FRAGMENT_TIMEOUT_NS = 60_000_000_000;

/** Payload of the largest datagram: the most that the length fields can say. */
export const MAX_DATAGRAM_BYTES = 65535;

const EMPTY: DataView = new DataView(new ArrayBuffer(0));

/** A stretch of a datagram's payload that has come, `[start, end)`; captured up to `capturedEnd`. */
interface Stretch {
  start: number;
  end: number;
  capturedEnd: number;
}

/** A datagram of which not all has come. */
class PartialDatagram {
  readonly startedNs: number;
  /** Payload so far, grown as needed. */
  bytes: Uint8Array = new Uint8Array(0);
  /** In order, none of which overlap. */
  stretches: Stretch[] = [];
  fragments = 0;
  /** Length of the whole payload; -1 until the last fragment came. */
  totalBytes = -1;
  /** Protocol in the first fragment; -1 until it came. */
  protocol = -1;
  /** What remains of it is ignored. */
  discarded = false;

  constructor(startedNs: number) {
    this.startedNs = startedNs;
  }
}

/** Puts the fragmented datagrams of one analysis together. */
export class Defragmenter {
  /** Fragment bytes that a bound made it let go. */
  bytesNotReassembled = 0;
  /** Bytes held now. */
  heldBytes = 0;
  /** The datagram that `add` completed last: its payload `[0, end)`, the protocol of its first fragment, and its length on the wire. */
  view: DataView = EMPTY;
  end = 0;
  protocol = 0;
  totalBytes = 0;
  private readonly datagrams: Map<string, PartialDatagram> = new Map();

  /**
   * Takes in one fragment. True when it completes its datagram, whose payload then stands in `view`, `end`, `protocol` and
   * `totalBytes`: set the packet's protocol, and decode it again with `decodeReassembled`. `end` is less than `totalBytes` when
   * the capture cut a fragment: what follows the first cut is not there.
   */
  add(fragment: Packet, atNs: number): boolean {
    const start = fragment.fragmentOffset;
    const end = start + fragment.ipPayloadBytes;
    if (end <= start || end > MAX_DATAGRAM_BYTES) return false;
    // Every fragment but the last is a multiple of eight bytes: RFC 791 section 3.2, RFC 8200 section 4.5.
    if (fragment.moreFragments && (fragment.ipPayloadBytes & 7) !== 0) return false;
    const key = datagramKey(fragment);
    let datagram = this.datagrams.get(key);
    if (datagram !== undefined && Math.abs(atNs - datagram.startedNs) > FRAGMENT_TIMEOUT_NS) {
      this.remove(key, datagram);
      datagram = undefined;
    }
    if (datagram === undefined) {
      if (this.datagrams.size >= MAX_FRAGMENTED_DATAGRAMS) this.removeOldest();
      datagram = new PartialDatagram(atNs);
      this.datagrams.set(key, datagram);
    }
    if (datagram.discarded) return false;
    if (++datagram.fragments > MAX_DATAGRAM_FRAGMENTS) {
      this.letGo(datagram);
      return false;
    }
    this.put(datagram, fragment, start, end);
    const whole = isWhole(datagram);
    if (whole) {
      this.tell(datagram);
      this.remove(key, datagram);
    }
    while (this.heldBytes > MAX_FRAGMENTS_BYTES) this.removeOldest();
    return whole;
  }

  private put(datagram: PartialDatagram, fragment: Packet, start: number, end: number): void {
    if (datagram.totalBytes >= 0 && end > datagram.totalBytes) return;
    if (!fragment.moreFragments && datagram.totalBytes < 0) {
      const last = datagram.stretches.at(-1);
      if (last !== undefined && last.end > end) return;
      datagram.totalBytes = end;
    }
    const overlap = overlapOf(datagram.stretches, start, end);
    if (overlap === Overlap.exact) return;
    if (overlap === Overlap.partial && fragment.ipVersion === 6) {
      this.forget(datagram);
      return;
    }
    if (start === 0 && datagram.protocol < 0) datagram.protocol = fragment.protocol;
    const capturedEnd = start + Math.min(fragment.ipPayloadEnd - fragment.ipPayloadStart, end - start);
    this.grow(datagram, capturedEnd);
    placeStretches(datagram, fragment, start, end, capturedEnd);
  }

  private grow(datagram: PartialDatagram, length: number): void {
    if (datagram.bytes.length >= length) return;
    const grown = new Uint8Array(Math.min(Math.max(length, datagram.bytes.length * 2), MAX_DATAGRAM_BYTES));
    grown.set(datagram.bytes);
    this.heldBytes += grown.length - datagram.bytes.length;
    datagram.bytes = grown;
  }

  private tell(datagram: PartialDatagram): void {
    let end = 0;
    for (const stretch of datagram.stretches) {
      end = stretch.capturedEnd;
      if (stretch.capturedEnd < stretch.end) break;
    }
    this.view = new DataView(datagram.bytes.buffer);
    this.end = end;
    this.protocol = datagram.protocol;
    this.totalBytes = datagram.totalBytes;
  }

  private removeOldest(): void {
    const oldest = this.datagrams.entries().next();
    if (oldest.done === true) return;
    const [key, datagram] = oldest.value;
    this.count(datagram);
    this.remove(key, datagram);
  }

  /** Frees what is held, and remembers to ignore the rest. */
  private letGo(datagram: PartialDatagram): void {
    this.count(datagram);
    this.forget(datagram);
  }

  private count(datagram: PartialDatagram): void {
    for (const stretch of datagram.stretches) this.bytesNotReassembled += stretch.capturedEnd - stretch.start;
  }

  private forget(datagram: PartialDatagram): void {
    this.heldBytes -= datagram.bytes.length;
    datagram.bytes = new Uint8Array(0);
    datagram.stretches = [];
    datagram.discarded = true;
  }

  private remove(key: string, datagram: PartialDatagram): void {
    this.heldBytes -= datagram.bytes.length;
    this.datagrams.delete(key);
  }
}

/** RFC 791 section 2.3: source, destination, protocol, identification. IPv6 has no protocol in it, RFC 8200 section 4.5. */
function datagramKey(fragment: Packet): string {
  const { source, destination } = fragment;
  if (fragment.ipVersion === 4)
    return `${source.word3},${destination.word3},${fragment.protocol},${fragment.identification}`;
  const from = `${source.word0},${source.word1},${source.word2},${source.word3}`;
  return `${from},${destination.word0},${destination.word1},${destination.word2},${destination.word3},${fragment.identification}`;
}

/** How a new stretch lies to those that have come. */
const Overlap = { none: 0, exact: 1, partial: 2 } as const;
type Overlap = (typeof Overlap)[keyof typeof Overlap];

function overlapOf(stretches: readonly Stretch[], start: number, end: number): Overlap {
  for (const stretch of stretches) {
    if (stretch.start === start && stretch.end === end) return Overlap.exact;
    if (stretch.start < end && start < stretch.end) return Overlap.partial;
  }
  return Overlap.none;
}

/** Adds what is new of `[start, end)`. */
function placeStretches(
  datagram: PartialDatagram,
  fragment: Packet,
  start: number,
  end: number,
  capturedEnd: number,
): void {
  const stretches: Stretch[] = [];
  let at = start;
  const add = (to: number): void => {
    if (to <= at) return;
    const copyEnd = Math.max(Math.min(to, capturedEnd), at);
    if (copyEnd > at) {
      const from = fragment.view.byteOffset + fragment.ipPayloadStart + at - start;
      datagram.bytes.set(new Uint8Array(fragment.view.buffer, from, copyEnd - at), at);
    }
    stretches.push({ start: at, end: to, capturedEnd: copyEnd });
    at = to;
  };
  for (const stretch of datagram.stretches) {
    if (stretch.start >= at) add(Math.min(stretch.start, end));
    stretches.push(stretch);
    at = Math.max(at, Math.min(stretch.end, end));
  }
  add(end);
  datagram.stretches = stretches;
}

function isWhole(datagram: PartialDatagram): boolean {
  if (datagram.totalBytes < 0) return false;
  let at = 0;
  for (const stretch of datagram.stretches) {
    if (stretch.start !== at) return false;
    at = stretch.end;
  }
  return at === datagram.totalBytes;
}
