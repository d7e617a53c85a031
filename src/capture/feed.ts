/** Where a block's bytes come from: a file, read at once, or a stream, awaited. */
import { closeSync, fstatSync, readSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { BlockBuffer } from "./block-buffer.ts";
import type { ProblemCode, ProblemList } from "./problems.ts";

/** Milliseconds since its last change below which a file may still be growing, and how often and how long to look again. */
const FRESH_MS = 2000;
const GROWTH_LOOKS = 2;
const GROWTH_WAIT_MS = 100;

/** Puts bytes into a block. */
export interface Feed {
  /** Reads more to the block's end. False when there is no more, which the block then knows too. */
  fill(buffer: BlockBuffer): boolean | Promise<boolean>;
  close(): void;
}

/** How far a file has been read, for whoever shows it. */
export interface Reading {
  readBytes: number;
  /** Null when the end is not known. */
  totalBytes: number | null;
}

/** Reads an open plain file at once. One that ends within a record and was changed just now is looked at again. */
export class FileFeed implements Feed {
  readonly #fd: number;
  readonly #problems: ProblemList;
  readonly #sizeAtOpen: number;
  readonly #reading: Reading;
  #readBytes = 0;
  #looks = 0;
  #open = true;

  constructor(fd: number, problems: ProblemList, reading: Reading = { readBytes: 0, totalBytes: null }) {
    this.#fd = fd;
    this.#problems = problems;
    this.#sizeAtOpen = fstatSync(fd).size;
    this.#reading = reading;
    reading.totalBytes = this.#sizeAtOpen;
  }

  fill(buffer: BlockBuffer): boolean | Promise<boolean> {
    if (this.#read(buffer)) return true;
    if (buffer.ended) return false;
    if (!buffer.expectsMore || buffer.available === 0 || !this.#isFresh()) return this.#end(buffer);
    return this.#lookAgain(buffer);
  }

  close(): void {
    if (this.#open) closeSync(this.#fd);
    this.#open = false;
  }

  #read(buffer: BlockBuffer): boolean {
    const room = buffer.makeRoom();
    let count = 0;
    try {
      count = readSync(this.#fd, buffer.bytes, buffer.end, room, this.#readBytes);
    } catch (error) {
      endWithFault(buffer, this.#problems, "read-failed", error);
    }
    buffer.end += count;
    this.#readBytes += count;
    this.#reading.readBytes = this.#readBytes;
    buffer.growing ||= this.#readBytes > this.#sizeAtOpen;
    return count > 0;
  }

  async #lookAgain(buffer: BlockBuffer): Promise<boolean> {
    while (this.#looks < GROWTH_LOOKS) {
      this.#looks += 1;
      await sleep(GROWTH_WAIT_MS);
      if (this.#read(buffer)) return true;
      if (buffer.ended) return false;
    }
    return this.#end(buffer);
  }

  #isFresh(): boolean {
    return Math.abs(Date.now() - fstatSync(this.#fd).mtimeMs) < FRESH_MS;
  }

  #end(buffer: BlockBuffer): boolean {
    buffer.ended = true;
    return false;
  }
}

/** Takes a stream's chunks as they come, and lets the stream wait while the block is used up. */
export class StreamFeed implements Feed {
  readonly #stream: Readable;
  readonly #problems: ProblemList;
  readonly #faultCode: ProblemCode;
  /** What of the last chunk did not fit into the block. */
  #rest: Uint8Array | null = null;
  #ended = false;
  #fault: unknown = null;
  #wake: (() => void) | null = null;

  constructor(stream: Readable, problems: ProblemList, faultCode: ProblemCode = "read-failed") {
    this.#stream = stream;
    this.#problems = problems;
    this.#faultCode = faultCode;
    const wake = (): void => this.#wake?.();
    stream.on("readable", wake);
    stream.on("end", () => this.#finish(null));
    stream.on("close", () => this.#finish(null));
    stream.on("error", (error) => this.#finish(error));
  }

  fill(buffer: BlockBuffer): boolean | Promise<boolean> {
    if (this.#take(buffer)) return true;
    if (this.#ended) return this.#end(buffer);
    return this.#wait(buffer);
  }

  close(): void {
    this.#stream.destroy();
  }

  #take(buffer: BlockBuffer): boolean {
    const chunk: Uint8Array | null = this.#rest ?? this.#stream.read();
    if (chunk === null) return false;
    const taken = buffer.append(chunk);
    this.#rest = taken < chunk.length ? chunk.subarray(taken) : null;
    return true;
  }

  async #wait(buffer: BlockBuffer): Promise<boolean> {
    for (;;) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (this.#take(buffer)) return true;
      if (this.#ended) return this.#end(buffer);
    }
  }

  #finish(fault: unknown): void {
    if (!this.#ended) this.#fault = fault;
    this.#ended = true;
    this.#wake?.();
  }

  #end(buffer: BlockBuffer): boolean {
    if (this.#fault !== null) endWithFault(buffer, this.#problems, this.#faultCode, this.#fault);
    this.#fault = null;
    buffer.ended = true;
    return false;
  }
}

function endWithFault(buffer: BlockBuffer, problems: ProblemList, code: ProblemCode, error: unknown): void {
  problems.add(code, error instanceof Error ? error.message : String(error), buffer.origin + buffer.end);
  buffer.ended = true;
  buffer.failed = true;
}
