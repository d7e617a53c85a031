/** The bytes of a packet again: read from its file, or from a bounded ring for sources that cannot be read twice. */
import { closeSync, openSync, readSync } from "node:fs";
import { PacketRing } from "./packet-ring.ts";
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

/** Read of a file at once, from the packet that is asked for: the next ones are mostly asked for next. */
const WINDOW_BYTES: number = 64 << 10;

/** What the store must know of a source. */
export type StoredSource = Pick<SourceFacts, "name" | "path">;

/** Reads packets again for evidence, ladders, hex views and extracts. */
export class PacketStore {
  readonly #sources: readonly StoredSource[];
  readonly #ring: PacketRing;
  /** Open files by source, least recently used first. */
  readonly #open = new Map<number, number>();
  /** What was read of a file last: `#windowBytes` of source `#windowSource` from `#windowStart` on. */
  readonly #window = new Uint8Array(WINDOW_BYTES);
  #windowSource = -1;
  #windowStart = 0;
  #windowBytes = 0;

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

  /** Forgets kept packets that came before `beforeNs`, as far as that saves memory. */
  forgetBefore(beforeNs: number): void {
    this.#ring.forgetBefore(beforeNs);
  }

  /** Closes the files that it opened. */
  close(): void {
    for (const fd of this.#open.values()) closeSync(fd);
    this.#open.clear();
  }

  #readFile(path: string, { source, offset, capturedBytes }: PacketPlace): StoredPacket {
    try {
      if (capturedBytes > WINDOW_BYTES) {
        const bytes = new Uint8Array(capturedBytes);
        const count = readSync(this.#fileOf(source, path), bytes, 0, capturedBytes, offset);
        return count === capturedBytes ? { bytes, reason: null } : { bytes: null, reason: "file changed" };
      }
      if (!this.#isInWindow(source, offset, capturedBytes)) this.#moveWindow(source, path, offset);
      if (!this.#isInWindow(source, offset, capturedBytes)) return { bytes: null, reason: "file changed" };
      const start = offset - this.#windowStart;
      return { bytes: this.#window.slice(start, start + capturedBytes), reason: null };
    } catch {
      return { bytes: null, reason: "file not readable" };
    }
  }

  #isInWindow(source: number, offset: number, length: number): boolean {
    const start = this.#windowStart;
    return source === this.#windowSource && offset >= start && offset + length <= start + this.#windowBytes;
  }

  #moveWindow(source: number, path: string, offset: number): void {
    this.#windowSource = -1;
    this.#windowBytes = readSync(this.#fileOf(source, path), this.#window, 0, WINDOW_BYTES, offset);
    this.#windowStart = offset;
    this.#windowSource = source;
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
