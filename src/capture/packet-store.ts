/** The bytes of a packet again: read from its file, or from a bounded ring for sources that cannot be read twice. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { MAX_KEPT_PACKET_BYTES, MAX_KEPT_PACKETS } from "../limits.ts";
import type { CaptureRecord } from "./record.ts";
import type { SourceFacts } from "./source-facts.ts";

/** Where a packet is; the analysis keeps these numbers for each platform packet. */
export interface PacketPlace {
  source: number;
  /** 1-based number within the source. */
  frame: number;
  /** `CaptureRecord.offset`. */
  offset: number;
  capturedBytes: number;
}

/** A packet's bytes, or why they are not to be had. */
export type StoredPacket =
  | { bytes: Uint8Array; reason: null }
  | { bytes: null; reason: "no longer held" | "file changed" | "file not readable" };

/** Files that are open for reading packets again at once. */
const MAX_OPEN_FILES = 16;

/** What the store must know of a source. */
export type StoredSource = Pick<SourceFacts, "name" | "path">;

/** Reads packets again for evidence, ladders, hex views and extracts. */
export class PacketStore {
  readonly #sources: readonly StoredSource[];
  readonly #ring: PacketRing;
  /** Open files by source, least recently used first. */
  readonly #open = new Map<number, number>();

  /** `sources` may be filled later: their `path` is looked at when a packet is kept or read. */
  constructor(sources: readonly StoredSource[], ring: PacketRing = new PacketRing()) {
    this.#sources = sources;
    this.#ring = ring;
  }

  /** Call for each packet that may be asked for again. Copies it only when its source cannot be read twice. */
  keep(source: number, record: CaptureRecord): void {
    if (this.#sources[source]?.path === null) this.#ring.put(source, record);
  }

  /** The packet's captured bytes, copied. */
  read(place: PacketPlace): StoredPacket {
    const path = this.#sources[place.source]?.path ?? null;
    if (path !== null) return this.#readFile(path, place);
    const bytes = this.#ring.get(place.source, place.frame);
    return bytes === null ? { bytes, reason: "no longer held" } : { bytes, reason: null };
  }

  /** Closes the files that it opened. */
  close(): void {
    for (const fd of this.#open.values()) closeSync(fd);
    this.#open.clear();
  }

  #readFile(path: string, place: PacketPlace): StoredPacket {
    try {
      const fd = this.#fileOf(place.source, path);
      const end = place.offset + place.capturedBytes;
      if (fstatSync(fd).size < end) return { bytes: null, reason: "file changed" };
      const bytes = new Uint8Array(place.capturedBytes);
      const count = readSync(fd, bytes, 0, bytes.length, place.offset);
      return count === bytes.length ? { bytes, reason: null } : { bytes: null, reason: "file changed" };
    } catch {
      return { bytes: null, reason: "file not readable" };
    }
  }

  #fileOf(source: number, path: string): number {
    const fd = this.#open.get(source) ?? openSync(path, "r");
    this.#open.delete(source);
    this.#open.set(source, fd);
    for (const [oldest, oldFd] of this.#open) {
      if (this.#open.size <= MAX_OPEN_FILES) break;
      closeSync(oldFd);
      this.#open.delete(oldest);
    }
    return fd;
  }
}

/** The latest packets, oldest first out. A place in it is a position that only grows; modulo the ring's size it is an offset. */
export class PacketRing {
  readonly #capacity: number;
  readonly #maxPackets: number;
  #bytes: Uint8Array | null = null;
  #sources = new Int32Array(0);
  #frames = new Float64Array(0);
  #starts = new Float64Array(0);
  #lengths = new Int32Array(0);
  /** Packets put in since the beginning, and how many of the first are gone. */
  #putCount = 0;
  #goneCount = 0;
  #position = 0;

  constructor(capacity: number = MAX_KEPT_PACKET_BYTES, maxPackets: number = MAX_KEPT_PACKETS) {
    this.#capacity = capacity;
    this.#maxPackets = maxPackets;
  }

  /** Copies a packet in, and forgets the oldest ones that it needs the room of. */
  put(source: number, record: CaptureRecord): void {
    const length = record.end - record.start;
    if (length > this.#capacity) return;
    const ring = this.#bytes ?? this.#allocate();
    const offset = this.#position % this.#capacity;
    // A packet lies in one piece: what is left at the end of the ring is passed over when it is too short.
    const start = offset + length > this.#capacity ? this.#position - offset + this.#capacity : this.#position;
    this.#position = start + length;
    while (this.#goneCount < this.#putCount && !this.#hasRoom()) this.#goneCount += 1;
    const entry = this.#putCount % this.#maxPackets;
    this.#sources[entry] = source;
    this.#frames[entry] = record.frame;
    this.#starts[entry] = start;
    this.#lengths[entry] = length;
    this.#putCount += 1;
    const { view } = record;
    ring.set(new Uint8Array(view.buffer, view.byteOffset + record.start, length), start % this.#capacity);
  }

  /** A copy of the packet, or null when it is gone or never was put in. */
  get(source: number, frame: number): Uint8Array | null {
    for (let number = this.#putCount - 1; number >= this.#goneCount; number -= 1) {
      const entry = number % this.#maxPackets;
      if (this.#frames[entry] !== frame || this.#sources[entry] !== source) continue;
      const start = (this.#starts[entry] ?? 0) % this.#capacity;
      return this.#bytes?.slice(start, start + (this.#lengths[entry] ?? 0)) ?? null;
    }
    return null;
  }

  /** True when the oldest packet neither lies where the newest goes nor needs its entry. */
  #hasRoom(): boolean {
    if (this.#putCount - this.#goneCount >= this.#maxPackets) return false;
    return (this.#starts[this.#goneCount % this.#maxPackets] ?? 0) >= this.#position - this.#capacity;
  }

  /** Only sources that need it pay for the ring. */
  #allocate(): Uint8Array {
    this.#sources = new Int32Array(this.#maxPackets);
    this.#frames = new Float64Array(this.#maxPackets);
    this.#starts = new Float64Array(this.#maxPackets);
    this.#lengths = new Int32Array(this.#maxPackets);
    this.#bytes = new Uint8Array(this.#capacity);
    return this.#bytes;
  }
}
