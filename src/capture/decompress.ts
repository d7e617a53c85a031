/** gzip and zstd around a capture: a feed that decompresses another feed's bytes, bounded in memory, time and expansion. */
import { createGunzip, type Gunzip } from "node:zlib";
import { FREE_DECOMPRESSED_BYTES, MAX_EXPANSION } from "../limits.ts";
import type { BlockBuffer } from "./block-buffer.ts";
import { type Decoder, DecompressionLimit } from "./decoder.ts";
import type { Feed } from "./feed.ts";
import type { ProblemList } from "./problems.ts";
import { ZstdDecoder } from "./zstd/frames.ts";

/** Compressed bytes that are decoded at once: gzip makes at most 1032 times as many of them. */
const INPUT_BYTES = 1 << 14;
/** Bytes that gzip decodes at once, and so at most the bytes lost before a fault that comes after the first INPUT_BYTES. */
const GUNZIP_OUTPUT_BYTES = 1 << 15;

/** Compression formats, each found by its magic number. */
export type Compression = "gzip" | "zstd";

/** What the bytes at hand (at least four) are compressed with; null when they are not. */
export function compressionOf(view: DataView, start: number): Compression | null {
  const magic = view.getUint32(start);
  if (magic >>> 8 === 0x1f8b08) return "gzip";
  if (magic === 0x28b52ffd) return "zstd";
  // A zstd file may begin with a skippable frame, RFC 8878 section 3.1.2.
  return (view.getUint32(start, true) & 0xfffffff0) >>> 0 === 0x184d2a50 ? "zstd" : null;
}

/** Fills a block with the decompressed bytes of `raw`. */
export class DecompressFeed implements Feed {
  readonly #raw: Feed;
  readonly #rawBuffer: BlockBuffer;
  readonly #problems: ProblemList;
  readonly #decoder: Decoder;
  /** Decoded and not yet in the block. */
  readonly #ready: Uint8Array[] = [];
  #consumedBytes = 0;
  #producedBytes = 0;
  #fault: unknown = null;
  #ended = false;

  /** `rawBuffer` may hold bytes already. */
  constructor(compression: Compression, raw: Feed, rawBuffer: BlockBuffer, problems: ProblemList) {
    this.#raw = raw;
    this.#rawBuffer = rawBuffer;
    this.#problems = problems;
    const use = (output: Uint8Array): void => this.#take(output);
    this.#decoder = compression === "gzip" ? new GzipDecoder(use) : new ZstdDecoder(use);
  }

  fill(buffer: BlockBuffer): boolean | Promise<boolean> {
    if (this.#drain(buffer)) return true;
    return this.#ended ? this.#end(buffer) : this.#decode(buffer);
  }

  close(): void {
    this.#raw.close();
  }

  async #decode(buffer: BlockBuffer): Promise<boolean> {
    while (this.#ready.length === 0 && !this.#ended) {
      try {
        await this.#step();
      } catch (error) {
        this.#fault = error;
        this.#ended = true;
      }
    }
    return this.#drain(buffer) || this.#end(buffer);
  }

  async #step(): Promise<void> {
    const raw = this.#rawBuffer;
    if (raw.available > 0) {
      const input = raw.bytes.subarray(raw.start, Math.min(raw.start + INPUT_BYTES, raw.end));
      raw.start += input.length;
      this.#consumedBytes += input.length;
      await this.#decoder.write(input);
    } else if (raw.ended) {
      this.#ended = true;
      await this.#decoder.end();
    } else {
      await this.#raw.fill(raw);
    }
  }

  #take(output: Uint8Array): void {
    if (output.length === 0) return;
    this.#producedBytes += output.length;
    this.#ready.push(output);
    if (this.#producedBytes <= FREE_DECOMPRESSED_BYTES + this.#consumedBytes * MAX_EXPANSION) return;
    this.#fault ??= new DecompressionLimit(`it yields more than ${MAX_EXPANSION} times its own size`);
    this.#ended = true;
  }

  /** Puts decoded bytes into the block; false when there are none. */
  #drain(buffer: BlockBuffer): boolean {
    const [first] = this.#ready;
    if (first === undefined) return false;
    const taken = buffer.append(first);
    if (taken === first.length) this.#ready.shift();
    else this.#ready[0] = first.subarray(taken);
    return true;
  }

  #end(buffer: BlockBuffer): boolean {
    buffer.ended = true;
    // A fault of the raw source is already told, and the rest follows from it.
    buffer.failed ||= this.#rawBuffer.failed || this.#fault !== null;
    if (this.#fault !== null && !this.#rawBuffer.failed) {
      const code = this.#fault instanceof DecompressionLimit ? "decompression-limit" : "decompression-failed";
      const detail = this.#fault instanceof Error ? this.#fault.message : String(this.#fault);
      this.#problems.add(code, detail, buffer.origin + buffer.end);
    }
    this.#fault = null;
    return false;
  }
}

/**
 * gzip, RFC 1952, with any number of members. What zlib decodes in one go is lost with a fault in it: of a source that is damaged within its
 * first INPUT_BYTES, which may be all of it, these are decoded again a byte at a time, so that all before the fault comes out.
 */
class GzipDecoder implements Decoder {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: GUNZIP_OUTPUT_BYTES });
  readonly #use: (output: Uint8Array) => void;
  /** All that was written; null when it was too much, or is not wanted. */
  #written: Uint8Array | null;
  #producedBytes = 0;
  #fault: Error | null = null;
  #settle: (() => void) | null = null;

  constructor(use: (output: Uint8Array) => void, decodesAgain = true) {
    this.#use = use;
    this.#written = decodesAgain ? new Uint8Array(0) : null;
    this.#gunzip.on("data", (output: Uint8Array) => {
      this.#producedBytes += output.length;
      use(output);
    });
    this.#gunzip.on("error", (error) => {
      this.#fault = error;
      this.#settle?.();
    });
    this.#gunzip.on("end", () => this.#settle?.());
  }

  write(input: Uint8Array): Promise<void> {
    if (this.#written !== null) {
      const bytes = this.#written.length + input.length;
      this.#written = bytes > INPUT_BYTES ? null : Buffer.concat([this.#written, input]);
    }
    return this.#settled(() => this.#gunzip.write(input, () => this.#settle?.()));
  }

  end(): Promise<void> {
    return this.#settled(() => this.#gunzip.end());
  }

  async #settled(begin: () => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      begin();
    });
    if (this.#fault === null) return;
    if (this.#written !== null) await this.#decodeAgain(this.#written);
    throw this.#fault;
  }

  /** Hands on what comes out of these bytes beyond what did before. */
  async #decodeAgain(bytes: Uint8Array): Promise<void> {
    let known = this.#producedBytes;
    const decoder = new GzipDecoder((output) => {
      const skipped = Math.min(known, output.length);
      known -= skipped;
      if (skipped < output.length) this.#use(output.subarray(skipped));
    }, false);
    try {
      for (let at = 0; at < bytes.length; at++) await decoder.write(bytes.subarray(at, at + 1));
    } catch {
      // The fault that is known.
    }
  }
}
