/** The latest packets of sources that cannot be read twice, in pieces: the oldest piece goes when there is no room, or when all in it is old. */
import { MAX_KEPT_PACKET_BYTES, MAX_KEPT_PACKETS } from "../limits.ts";
import type { CaptureRecord } from "./record.ts";

/** Pieces that a full ring has. */
const PIECES = 64;

/** Packets that came one after the other, and their bytes. */
class Piece {
  count = 0;
  used = 0;
  latestNs = Number.NEGATIVE_INFINITY;
  lowestFrame = Number.POSITIVE_INFINITY;
  highestFrame = Number.NEGATIVE_INFINITY;
  readonly bytes: Uint8Array;
  readonly sources: Int32Array;
  readonly frames: Float64Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;

  constructor(capacity: number, maxPackets: number) {
    this.bytes = new Uint8Array(capacity);
    this.sources = new Int32Array(maxPackets);
    this.frames = new Float64Array(maxPackets);
    this.starts = new Int32Array(maxPackets);
    this.lengths = new Int32Array(maxPackets);
  }

  /** Where the packet stands; -1 when it is not here. `from` is looked at first, then what follows it, then the rest. */
  find(source: number, frame: number, from: number): number {
    if (frame < this.lowestFrame || frame > this.highestFrame) return -1;
    const { frames, sources, count } = this;
    const first = from < count ? from : 0;
    for (let step = 0; step < count; step += 1) {
      const entry = first + step < count ? first + step : first + step - count;
      if (frames[entry] === frame && sources[entry] === source) return entry;
    }
    return -1;
  }
}

/** It is as large as what it holds: memory comes with the packets, up to the bounds. */
export class PacketRing {
  readonly #capacity: number;
  readonly #pieceBytes: number;
  readonly #piecePackets: number;
  readonly #maxPieces: number;
  /** Oldest first. */
  readonly #pieces: Piece[] = [];
  #bytes = 0;
  /** Behind the packet that was found last: packets are mostly asked for in order. */
  #next = 0;

  constructor(capacity: number = MAX_KEPT_PACKET_BYTES, maxPackets: number = MAX_KEPT_PACKETS) {
    this.#capacity = capacity;
    this.#pieceBytes = Math.ceil(capacity / PIECES);
    this.#piecePackets = Math.ceil(maxPackets / PIECES);
    this.#maxPieces = Math.floor(maxPackets / this.#piecePackets);
  }

  /** Copies a packet in, and forgets the oldest ones that it needs the room of. */
  put(source: number, record: CaptureRecord): void {
    const length = record.end - record.start;
    if (length > this.#capacity) return;
    const piece = this.#pieceFor(length);
    const { view } = record;
    piece.bytes.set(new Uint8Array(view.buffer, view.byteOffset + record.start, length), piece.used);
    piece.sources[piece.count] = source;
    piece.frames[piece.count] = record.frame;
    piece.starts[piece.count] = piece.used;
    piece.lengths[piece.count] = length;
    piece.used += length;
    piece.count += 1;
    if (record.timeNs > piece.latestNs) piece.latestNs = record.timeNs;
    if (record.frame < piece.lowestFrame) piece.lowestFrame = record.frame;
    if (record.frame > piece.highestFrame) piece.highestFrame = record.frame;
  }

  /** A copy of the packet, or null when it is gone or never was put in. */
  get(source: number, frame: number): Uint8Array | null {
    for (let at = this.#pieces.length - 1; at >= 0; at -= 1) {
      const piece = this.#pieces[at];
      const entry = piece?.find(source, frame, this.#next) ?? -1;
      if (piece === undefined || entry < 0) continue;
      this.#next = entry + 1;
      const start = piece.starts[entry] ?? 0;
      return piece.bytes.slice(start, start + (piece.lengths[entry] ?? 0));
    }
    return null;
  }

  /** Forgets the pieces of which every packet came before `beforeNs`. */
  forgetBefore(beforeNs: number): void {
    while (this.#pieces.length > 1 && (this.#pieces[0]?.latestNs ?? beforeNs) < beforeNs) this.#forgetOldest();
  }

  /** The newest piece when it has room for so many bytes, else another one. */
  #pieceFor(length: number): Piece {
    const newest = this.#pieces.at(-1);
    if (newest !== undefined && newest.count < this.#piecePackets && newest.used + length <= newest.bytes.length)
      return newest;
    const size = Math.max(this.#pieceBytes, length);
    while (this.#pieces.length >= this.#maxPieces || this.#bytes + size > this.#capacity) this.#forgetOldest();
    const piece = new Piece(size, this.#piecePackets);
    this.#pieces.push(piece);
    this.#bytes += size;
    return piece;
  }

  #forgetOldest(): void {
    this.#bytes -= this.#pieces.shift()?.bytes.length ?? 0;
  }
}
