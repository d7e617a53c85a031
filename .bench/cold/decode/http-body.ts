/**
 * The body of an HTTP/1.x message on its way, RFC 9112 sections 6 and 7.1. It is fed the stream's ranges as they come, in any pieces,
 * keeps a few numbers and no bytes, and says where it ends.
 */
import { MAX_CHUNK_LINE_BYTES } from "../limits.ts";
import type { Problem, ProblemCode } from "./problem.ts";

/** How a body's end is found. "tunnel": what follows is not HTTP (section 6.3, rule 2). */
export type BodyFraming = "none" | "length" | "chunked" | "until-close" | "tunnel";

/** Takes a body's content, without chunk framing, range by range. It must copy what it keeps. */
export interface BodySink {
  content(view: DataView, start: number, end: number): void;
}

/** What the chunked coding's next byte belongs to. */
const ChunkState = { size: 0, extension: 1, sizeLineFeed: 2, data: 3, dataEnd: 4, trailer: 5 } as const;
type ChunkState = (typeof ChunkState)[keyof typeof ChunkState];

/** The largest length that is counted exactly. */
export const MAX_LENGTH: number = Number.MAX_SAFE_INTEGER;
const CR = 0x0d;
const LF = 0x0a;

/** One body on its way. */
export class HttpBody {
  readonly framing: BodyFraming;
  /** Bytes on the wire so far, with chunk framing and trailers. */
  wireBytes = 0;
  /** Bytes of content so far. */
  contentBytes = 0;
  /** True when the last byte was met. A body until close, or a tunnel, is done when its stream ends, which the caller knows. */
  done: boolean;
  /** The first thing that was wrong with framing; `failed` tells whether the end can still be found. */
  problem: Problem | null;
  /** True when the end cannot be found any more. */
  failed = false;

  /** Content bytes that are still missing, of the whole body or of the current chunk. */
  #remaining: number;
  #state: ChunkState = ChunkState.size;
  #sizeDigits = 0;
  #lineBytes = 0;
  /** Bytes of the current trailer line. */
  #trailerLineBytes = 0;

  constructor(framing: BodyFraming, lengthBytes = 0, problem: Problem | null = null) {
    this.framing = framing;
    this.problem = problem;
    this.#remaining = framing === "chunked" ? 0 : lengthBytes;
    this.done = framing === "none" || (framing === "length" && lengthBytes === 0);
  }

  /**
   * Takes the body's part of `view[start, end)`, which follows what was taken before. Gives the offset behind that part: `end` while
   * the body goes on, `start` when it is done or failed.
   */
  consume(view: DataView, start: number, end: number, sink: BodySink | null = null): number {
    let at = start;
    while (at < end && !this.done && !this.failed) {
      const wanted = this.#contentWanted();
      if (wanted > 0) {
        const taken = Math.min(wanted, end - at);
        sink?.content(view, at, at + taken);
        this.#takeContent(taken);
        at += taken;
      } else {
        this.wireBytes++;
        this.#step(view.getUint8(at));
        at++;
      }
    }
    return at;
  }

  /**
   * Takes up to `count` bytes that the capture missed, and gives how many. Missing chunk framing cannot be passed: then the body has
   * failed.
   */
  skip(count: number): number {
    let left = count;
    while (left > 0 && !this.done && !this.failed) {
      const taken = Math.min(this.#contentWanted(), left);
      if (taken === 0) this.#fail("http-cut", 1);
      else this.#takeContent(taken);
      left -= taken;
    }
    return count - left;
  }

  /** Content bytes that may come before framing is met again; 0 when the next byte is framing. */
  #contentWanted(): number {
    if (this.framing === "until-close" || this.framing === "tunnel") return MAX_LENGTH;
    return this.framing === "length" || this.#state === ChunkState.data ? this.#remaining : 0;
  }

  #takeContent(count: number): void {
    this.wireBytes += count;
    this.contentBytes += count;
    if (this.framing !== "length" && this.framing !== "chunked") return;
    this.#remaining -= count;
    if (this.#remaining > 0) return;
    if (this.framing === "length") this.done = true;
    else if (this.#state === ChunkState.data) this.#state = ChunkState.dataEnd;
  }

  /** One byte of chunk framing; a bare LF ends a line as CR LF does. */
  #step(byte: number): void {
    this.#lineBytes++;
    const state = this.#state;
    if (this.#lineBytes > MAX_CHUNK_LINE_BYTES) this.#fail("http-bad-chunk", 0);
    else if (state === ChunkState.size) this.#sizeByte(byte);
    else if (state === ChunkState.trailer) this.#trailerByte(byte);
    else if (byte === LF) state === ChunkState.dataEnd ? this.#begin(ChunkState.size) : this.#sizeEnd();
    else if (state === ChunkState.sizeLineFeed) this.#fail("http-bad-chunk", 0);
    else if (state === ChunkState.dataEnd && (byte !== CR || this.#lineBytes > 1)) this.#fail("http-bad-chunk", 0);
  }

  /** Section 7.1: hexadecimal digits, then extensions behind ";" (or blanks, which many senders put there). */
  #sizeByte(byte: number): void {
    const digit = hexValue(byte);
    if (digit >= 0) {
      this.#sizeDigits++;
      this.#remaining = this.#remaining * 16 + digit;
      if (this.#remaining > MAX_LENGTH) this.#fail("http-bad-chunk", 0);
    } else if (this.#sizeDigits === 0) this.#fail("http-bad-chunk", 0);
    else if (byte === CR) this.#state = ChunkState.sizeLineFeed;
    else if (byte === LF) this.#sizeEnd();
    else if (byte === 0x3b || byte === 0x20 || byte === 0x09) this.#state = ChunkState.extension;
    else this.#fail("http-bad-chunk", 0);
  }

  #sizeEnd(): void {
    const last = this.#remaining === 0;
    this.#begin(last ? ChunkState.trailer : ChunkState.data);
    this.#trailerLineBytes = 0;
  }

  /** Section 7.1.2: header lines up to an empty one. */
  #trailerByte(byte: number): void {
    if (byte === LF) {
      if (this.#trailerLineBytes === 0) this.done = true;
      this.#trailerLineBytes = 0;
    } else if (byte !== CR) this.#trailerLineBytes++;
  }

  #begin(state: ChunkState): void {
    this.#state = state;
    this.#lineBytes = 0;
    if (state === ChunkState.size) {
      this.#sizeDigits = 0;
      this.#remaining = 0;
    }
  }

  #fail(code: ProblemCode, neededBytes: number): void {
    this.failed = true;
    this.problem ??= {
      code,
      layer: "http",
      offsetBytes: this.wireBytes,
      neededBytes,
      availableBytes: 0,
      limit: neededBytes > 0 ? "capture" : "stream",
    };
  }
}

function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
