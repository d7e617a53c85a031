/**
 * Keeps what a session captures as pcapng: one file, or files that follow each other by size or time. Each packet is written as a whole
 * block, so a file can be read while it grows. A fault of the disk ends the recording and nothing else.
 */
import { closeSync, openSync, rmSync, statSync, write } from "node:fs";
import { parse } from "node:path";
import { MAX_UNWRITTEN_BYTES } from "../../limits.ts";
import { reasonOf } from "../file-fault.ts";
import { enhancedPacketBlock, interfaceDescriptionBlock, sectionHeaderBlock } from "../pcapng-writer.ts";
import type { CaptureRecord } from "../record.ts";

/** How a recording is kept. */
export interface RecordingOptions {
  path: string;
  /** Bytes after which the next file begins; null for no bound. */
  rotateBytes: number | null;
  /** Milliseconds after which the next file begins; null for no bound. */
  rotateMs: number | null;
  /** Files that are kept: older ones are deleted. Null for all. */
  keep: number | null;
  /** Bytes of all files together: older ones are deleted; with a single file the recording ends. Null for no bound. */
  maxBytes: number | null;
  /** Who writes, for the file's header. */
  application: string;
}

/** An interface whose packets are recorded. */
export interface RecordedInterface {
  name: string;
  linkType: number;
  snapLength: number | null;
  /** Name of the VM's primary NIC; null when nobody knows. */
  primaryNic: string | null;
}

/** Bytes of a packet's block beside the packet, and of an interface's block that may come before it, with a long name. */
const MAX_BLOCK_OVERHEAD = 400;
/** Packets that are gathered before they are handed to the system. */
const BATCH_BYTES = 1 << 16;

export class Recording {
  path: string;
  /** Of the current file. */
  bytes = 0;
  /** Of all files. */
  packets = 0;
  state: "recording" | "stopped" = "recording";
  problem: string | null = null;
  readonly #options: RecordingOptions;
  readonly #interfaceOf: (source: number) => RecordedInterface;
  readonly #onProblem: (message: string) => void;
  readonly #now: () => number;
  #fd = -1;
  #startedMs = 0;
  #number = 1;
  /** Numbers of the sources in the current file. */
  #written = new Map<number, number>();
  #batch: Uint8Array[] = [];
  #batchBytes = 0;
  readonly #queue: { fd: number; bytes: Uint8Array | null }[] = [];
  #queuedBytes = 0;
  #writing = false;
  #idle: (() => void) | null = null;
  /** Earlier files with their sizes, oldest first. */
  readonly #files: { path: string; bytes: number }[] = [];

  /** Opens the first file. Throws what the system says when it cannot. */
  constructor(
    options: RecordingOptions,
    interfaceOf: (source: number) => RecordedInterface,
    onProblem: (message: string) => void,
    now: () => number,
  ) {
    this.#options = options;
    this.#interfaceOf = interfaceOf;
    this.#onProblem = onProblem;
    this.#now = now;
    this.path = this.#rotates ? this.#numberedPath() : options.path;
    this.#open();
  }

  /** Keeps a packet; `baseSeconds` is what its time counts from. */
  add(source: number, record: CaptureRecord, baseSeconds: number): void {
    if (this.state === "stopped") return;
    const { rotateBytes, maxBytes } = this.#options;
    const neededBytes = record.end - record.start + MAX_BLOCK_OVERHEAD;
    if (maxBytes !== null && this.#totalBytes + neededBytes > maxBytes && !this.#makeRoom(maxBytes - neededBytes))
      return;
    const seconds = Math.floor(record.timeNs / 1e9);
    const bytes = new Uint8Array(record.view.buffer, record.view.byteOffset + record.start, record.end - record.start);
    this.#put(
      enhancedPacketBlock({
        interfaceIndex: this.#interfaceIndex(source, record),
        seconds: baseSeconds + seconds,
        nanoseconds: record.timeNs - seconds * 1e9,
        bytes,
        wireBytes: record.wireBytes,
        comments: [],
      }),
    );
    this.packets += 1;
    if (rotateBytes !== null && this.bytes >= rotateBytes) this.rotate();
  }

  /** Hands on what was gathered, and begins the next file when its time has come. Called often. */
  tick(): void {
    if (this.state === "stopped") return;
    this.#flush();
    const { rotateMs } = this.#options;
    if (rotateMs !== null && this.#now() - this.#startedMs >= rotateMs) this.rotate();
  }

  /** Begins the next file. A file that somebody moved away is begun again under its name. */
  rotate(): void {
    if (this.state === "stopped") return;
    this.#close();
    this.#number += 1;
    this.path = this.#rotates || isThere(this.#options.path) ? this.#numberedPath() : this.#options.path;
    try {
      this.#open();
    } catch (error) {
      this.#fail(error);
    }
    this.#forgetOld();
  }

  /** Ends it; settles when all is written. */
  async stop(): Promise<void> {
    if (this.state === "recording") {
      this.#close();
      this.state = "stopped";
    }
    if (this.#writing) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
  }

  get #rotates(): boolean {
    return this.#options.rotateBytes !== null || this.#options.rotateMs !== null;
  }

  get #totalBytes(): number {
    return this.#files.reduce((sum, file) => sum + file.bytes, this.bytes);
  }

  /** "capture.pcapng" becomes "capture_00001_20260102030405.pcapng", as dumpcap names a ring's files. */
  #numberedPath(): string {
    const { dir, name, ext } = parse(this.#options.path);
    const stamp = new Date(this.#now()).toISOString().slice(0, 19).replaceAll(/[-T:]/g, "");
    const file = `${name}_${String(this.#number).padStart(5, "0")}_${stamp}${ext === "" ? ".pcapng" : ext}`;
    return dir === "" ? file : `${dir === "/" ? "" : dir}/${file}`;
  }

  #open(): void {
    this.#fd = openSync(this.path, "w", 0o640);
    this.#startedMs = this.#now();
    this.#written = new Map();
    this.bytes = 0;
    this.#put(sectionHeaderBlock(this.#options.application));
    this.#flush();
  }

  #close(): void {
    this.#flush();
    this.#files.push({ path: this.path, bytes: this.bytes });
    this.#queue.push({ fd: this.#fd, bytes: null });
    this.#fd = -1;
    this.#pump();
  }

  #interfaceIndex(source: number, record: CaptureRecord): number {
    // A NIC that came back with another link type is another interface to the file.
    const key = source * 65_536 + record.linkType;
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const index = this.#written.size;
    const { name, snapLength, primaryNic } = this.#interfaceOf(source);
    this.#written.set(key, index);
    this.#put(interfaceDescriptionBlock({ linkType: record.linkType, snapLength, name, primaryNic }));
    return index;
  }

  #put(block: Uint8Array): void {
    this.#batch.push(block);
    this.#batchBytes += block.length;
    this.bytes += block.length;
    if (this.#batchBytes >= BATCH_BYTES) this.#flush();
  }

  #flush(): void {
    if (this.#batchBytes === 0) return;
    if (this.#queuedBytes + this.#batchBytes > MAX_UNWRITTEN_BYTES) {
      this.#fail(new Error("the disk is too slow"));
      return;
    }
    this.#queue.push({ fd: this.#fd, bytes: Buffer.concat(this.#batch, this.#batchBytes) });
    this.#queuedBytes += this.#batchBytes;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#pump();
  }

  /** Writes what is queued, one piece after the other. */
  #pump(): void {
    if (this.#writing) return;
    const next = this.#queue[0];
    if (next === undefined) {
      this.#idle?.();
      return;
    }
    if (next.bytes === null) {
      closeSync(next.fd);
      this.#queue.shift();
      this.#pump();
      return;
    }
    this.#writing = true;
    write(next.fd, next.bytes, (error, written) => {
      this.#writing = false;
      this.#queuedBytes -= error === null ? written : (next.bytes?.length ?? 0);
      if (error === null && next.bytes !== null && written < next.bytes.length) {
        next.bytes = next.bytes.subarray(written);
      } else this.#queue.shift();
      if (error !== null && this.state === "recording") this.#fail(error);
      this.#pump();
    });
  }

  /** Deletes old files until all together have no more than `limitBytes`. False when the recording ends because that cannot be. */
  #makeRoom(limitBytes: number): boolean {
    while (this.#files.length > 0 && this.#totalBytes > limitBytes) this.#deleteOldest();
    if (this.#totalBytes <= limitBytes) return true;
    if (this.#rotates) {
      this.rotate();
      while (this.#files.length > 0 && this.#totalBytes > limitBytes) this.#deleteOldest();
    }
    if (this.state === "recording" && this.#totalBytes > limitBytes)
      this.#fail(new Error(`it has reached the ${this.#options.maxBytes} bytes that it may take`));
    return this.state === "recording";
  }

  #forgetOld(): void {
    const { keep, maxBytes } = this.#options;
    while (keep !== null && this.#files.length > Math.max(0, keep - 1)) this.#deleteOldest();
    while (maxBytes !== null && this.#files.length > 0 && this.#totalBytes >= maxBytes) this.#deleteOldest();
  }

  #deleteOldest(): void {
    const oldest = this.#files.shift();
    if (oldest !== undefined) rmSync(oldest.path, { force: true });
  }

  #fail(error: unknown): void {
    if (this.state === "stopped") return;
    this.state = "stopped";
    this.#batch = [];
    this.#batchBytes = 0;
    // What waits is for a file that takes no more; only the closing is still to be done.
    const fds = new Set(this.#queue.filter((piece) => piece.bytes === null).map((piece) => piece.fd));
    this.#queue.splice(this.#writing ? 1 : 0);
    this.#queuedBytes = 0;
    if (this.#fd >= 0) fds.add(this.#fd);
    for (const fd of fds) this.#queue.push({ fd, bytes: null });
    this.#fd = -1;
    this.problem = `Recording to ${this.path} stopped: ${reasonOf(error)}. The analysis goes on.`;
    this.#onProblem(this.problem);
    this.#pump();
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
