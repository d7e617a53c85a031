/** The bytes of a packet again: read from its file, or from a bounded ring for sources that cannot be read twice. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
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

  /** Forgets kept packets that came before `beforeNs`, as far as that saves memory. */
  forgetBefore(beforeNs: number): void {
    this.#ring.forgetBefore(beforeNs);
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
