/**
 * Finds the messages in one direction of an HTTP/1.x stream (RFC 9112), wherever the stream is cut into pieces. A head that stands whole
 * in one piece is read in place; only a head in several pieces is copied together.
 *
 * Where bytes were not captured, a body of known length is passed over by its length; when a head or the end of a body is lost, the
 * reader waits for a piece that starts like a message.
 */
import type { ByteBudget } from "../bytes/byte-budget.ts";
import { agreesWith } from "../decode/http.ts";
import { type BodySink, HttpBody } from "../decode/http-body.ts";
import type { ProblemCode } from "../decode/problem.ts";
import { decodeProxyHeader } from "../decode/proxy-protocol.ts";
import { MAX_HTTP_HEAD_BYTES } from "../limits.ts";
import { HEAD_INCOMPLETE, HttpHead, mayEndHead, plausibleStart, scanHead } from "./http-head.ts";

/** What follows a head, as its sink knows better than the head alone: the answer to HEAD has no body, that to CONNECT is a tunnel. */
export const BodyRule = { byHead: 0, none: 1, tunnel: 2 } as const;
export type BodyRule = (typeof BodyRule)[keyof typeof BodyRule];

/** How a message came to its end. */
export const MessageEnd = {
  whole: 0,
  /** Its end was not captured, or cannot be told. */
  lost: 1,
  /** The connection was closed before its end. */
  closed: 2,
} as const;
export type MessageEnd = (typeof MessageEnd)[keyof typeof MessageEnd];

/** Told what a reader finds. Views are valid during the call alone. */
export interface MessageSink {
  /** A head. `whole` is false when its rest was not captured; `packet` brought its first bytes. */
  head(reader: MessageReader, view: DataView, head: HttpHead, packet: number, atNs: number, whole: boolean): BodyRule;
  /** Bytes of the body, in order; called while `reader.wantsBody`. `whole` when they are all of it. */
  body(reader: MessageReader, view: DataView, start: number, end: number, whole: boolean): void;
  /** The message ended; `reader.bodyBytes` is its body's length. */
  ended(reader: MessageReader, packet: number, atNs: number, how: MessageEnd): void;
  /** The stream cannot be read on as HTTP from this packet on, until a message begins again. */
  malformed(reader: MessageReader, code: ProblemCode, packet: number): void;
}

/** Where in a message the next byte stands. */
const State = {
  start: 0,
  head: 1,
  lengthBody: 2,
  closeBody: 3,
  chunked: 4,
  lost: 5,
  ignored: 6,
} as const;
type State = (typeof State)[keyof typeof State];

const CR = 0x0d;
const NO_PREFIX = -1;

/** One head at a time is read in place: every reader shares it. */
const sharedHead = new HttpHead();

export class MessageReader {
  /** The sink's own: which connection this is a direction of. */
  readonly slot: number;
  readonly isRequest: boolean;
  /** The sink's own: row of the exchange under way, -1 without. */
  row = -1;
  /** The sink wants the body's bytes. */
  wantsBody = false;
  /** Bytes of the current body so far, without the framing of chunks. */
  bodyBytes = 0;
  /** The last packet with bytes of this direction. */
  lastPacket = -1;
  /** When it came; NaN before: a double from the start, so that code made for small integers need not be thrown away. */
  lastNs: number = Number.NaN;
  #state: State = State.start;
  /** Bytes that a body of known length still has. */
  #remaining = 0;
  #chunked: HttpBody | null = null;
  /** Nothing of the stream was read yet: a PROXY prefix may come. */
  #fresh = true;
  readonly #budget: ByteBudget;
  #buffer: Uint8Array | null = null;
  #buffered = 0;
  #headPacket = -1;
  #headNs: number = Number.NaN;

  /** Heads that come in several pieces are put together under `budget`. */
  constructor(slot: number, isRequest: boolean, budget: ByteBudget) {
    this.slot = slot;
    this.isRequest = isRequest;
    this.#budget = budget;
  }

  /** Where the next message begins is not known. */
  get isLost(): boolean {
    return this.#state === State.lost;
  }

  /** Ready for another stream. */
  reset(): void {
    this.row = -1;
    this.wantsBody = false;
    this.bodyBytes = 0;
    this.lastPacket = -1;
    this.lastNs = Number.NaN;
    this.#state = State.start;
    this.#remaining = 0;
    this.#chunked = null;
    this.#fresh = true;
    this.#letGoBuffer();
  }

  /** The next bytes of the stream. */
  read(sink: MessageSink, packet: number, atNs: number, view: DataView, start: number, end: number): void {
    this.lastPacket = packet;
    this.lastNs = atNs;
    let at = start;
    while (at < end) {
      switch (this.#state) {
        case State.start:
          at = this.#readStart(sink, packet, atNs, view, at, end);
          break;
        case State.head:
          at = this.#readHead(sink, packet, atNs, view, at, end);
          break;
        case State.lengthBody:
        case State.closeBody:
          at = this.#readBody(sink, packet, atNs, view, at, end);
          break;
        case State.lost:
          if (plausibleStart(view, at, end) <= 0) return;
          this.#state = State.start;
          break;
        case State.ignored:
          return;
        default:
          at = this.#readChunked(sink, packet, atNs, view, at, end);
      }
    }
  }

  /** So many bytes were not captured. */
  gap(sink: MessageSink, packet: number, atNs: number, bytes: number): void {
    this.#fresh = false;
    switch (this.#state) {
      case State.lengthBody:
        this.#skip(sink, packet, atNs, bytes);
        return;
      case State.chunked:
        this.wantsBody = false;
        if ((this.#chunked?.skip(bytes) ?? 0) < bytes) this.#lose(sink);
        return;
      case State.closeBody:
        this.bodyBytes += bytes;
        return;
      case State.head:
        this.#endCutHead(sink);
        return;
      case State.start:
        this.#state = State.lost;
        return;
      default:
    }
  }

  /** The direction was closed, orderly by FIN or not: a body that lasts until then is whole in the first case. */
  close(sink: MessageSink, packet: number, atNs: number, orderly: boolean): void {
    if (this.#state === State.closeBody && orderly) this.#end(sink, packet, atNs);
    else if (this.#state === State.head) this.#endCutHead(sink);
    else if (this.row >= 0 && this.#state !== State.start) {
      sink.ended(this, this.lastPacket, this.lastNs, MessageEnd.closed);
    }
    this.#state = State.ignored;
  }

  /** The rest of the stream is no HTTP. */
  ignore(): void {
    this.#state = State.ignored;
    this.#letGoBuffer();
  }

  #readStart(sink: MessageSink, packet: number, atNs: number, view: DataView, start: number, end: number): number {
    let at = start;
    if (this.#fresh) {
      const prefix = this.isRequest ? proxyPrefixBytes(view, start, end) : NO_PREFIX;
      if (prefix === 0) return this.#keepHead(packet, atNs, view, start, end);
      this.#fresh = false;
      if (prefix > 0) {
        at = start + prefix;
        if (at === end) return end;
      }
    }
    const headEnd = scanHead(view, at, end, sharedHead);
    if (headEnd >= 0) {
      this.#take(sink, view, packet, atNs, true);
      if (this.#state === State.start) this.#end(sink, packet, atNs);
      return headEnd;
    }
    if (headEnd === HEAD_INCOMPLETE) return this.#keepHead(packet, atNs, view, at, end);
    this.#state = State.lost;
    sink.malformed(this, "http-bad-start-line", packet);
    return end;
  }

  /** Copies the beginning of a head whose end has not come yet. */
  #keepHead(packet: number, atNs: number, view: DataView, start: number, end: number): number {
    this.#state = State.head;
    this.#headPacket = packet;
    this.#headNs = atNs;
    this.#buffered = 0;
    if (!this.#append(view, start, end)) this.#state = State.lost;
    return end;
  }

  #readHead(sink: MessageSink, packet: number, atNs: number, view: DataView, start: number, end: number): number {
    const before = this.#buffered;
    const previousByte = this.#buffer?.[before - 1] ?? 0;
    if (!this.#append(view, start, end)) {
      this.#endCutHead(sink);
      return end;
    }
    const buffer = this.#bufferView();
    if (this.#fresh) {
      const prefix = proxyPrefixBytes(buffer, 0, this.#buffered);
      if (prefix === 0 && this.#buffered < MAX_HTTP_HEAD_BYTES) return end;
      this.#fresh = false;
      if (prefix > 0) {
        this.#state = State.start;
        return start + Math.max(0, prefix - before);
      }
    } else if (!mayEndHead(view, start, end, previousByte) && this.#buffered < MAX_HTTP_HEAD_BYTES) {
      if (plausibleStart(buffer, 0, this.#buffered) >= 0 || buffer.getUint8(0) <= CR) return end;
    }
    const headEnd = scanHead(buffer, 0, this.#buffered, sharedHead);
    if (headEnd >= 0) {
      this.#take(sink, buffer, this.#headPacket, this.#headNs, true);
      if (this.#state === State.start) this.#end(sink, packet, atNs);
      return start + (headEnd - before);
    }
    if (headEnd === HEAD_INCOMPLETE && this.#buffered < MAX_HTTP_HEAD_BYTES) return end;
    sink.malformed(this, headEnd === HEAD_INCOMPLETE ? "http-head-too-long" : "http-bad-start-line", packet);
    if (headEnd === HEAD_INCOMPLETE) this.#endCutHead(sink);
    this.#state = State.lost;
    return end;
  }

  /** Hands the scanned head on, and decides what comes after it: the state is `start` when the message is already at its end. */
  #take(sink: MessageSink, view: DataView, packet: number, atNs: number, whole: boolean): void {
    this.bodyBytes = 0;
    this.wantsBody = false;
    const head = sharedHead;
    this.#state = State.start;
    const rule = sink.head(this, view, head, packet, atNs, whole);
    this.#remaining = 0;
    if (rule === BodyRule.tunnel) this.#state = State.ignored;
    else if (rule === BodyRule.none) this.#state = State.start;
    else if (head.chunked) this.#beginChunked();
    else if (head.otherCoding) this.#state = State.closeBody;
    else if (head.contentLength > 0) {
      this.#state = State.lengthBody;
      this.#remaining = head.contentLength;
    } else if (head.contentLength === -2) this.#state = State.closeBody;
    else if (head.contentLength === -1 && !this.isRequest) this.#state = State.closeBody; // RFC 9112 section 6.3, case 8
  }

  #readBody(sink: MessageSink, packet: number, atNs: number, view: DataView, start: number, end: number): number {
    const untilClose = this.#state === State.closeBody;
    const count = untilClose ? end - start : Math.min(this.#remaining, end - start);
    if (this.wantsBody) {
      sink.body(this, view, start, start + count, !untilClose && this.bodyBytes === 0 && count === this.#remaining);
    }
    this.bodyBytes += count;
    if (!untilClose) {
      this.#remaining -= count;
      if (this.#remaining === 0) this.#end(sink, packet, atNs);
    }
    return start + count;
  }

  /** Passes over bytes that were not captured; a message that begins within them is lost. */
  #skip(sink: MessageSink, packet: number, atNs: number, bytes: number): void {
    const within = Math.min(bytes, this.#remaining);
    this.bodyBytes += within;
    this.#remaining -= within;
    this.wantsBody = false;
    if (this.#remaining > 0) return;
    this.#end(sink, packet, atNs);
    if (bytes > within) this.#state = State.lost;
  }

  #beginChunked(): void {
    this.#state = State.chunked;
    this.#chunked = new HttpBody("chunked");
  }

  #readChunked(sink: MessageSink, packet: number, atNs: number, view: DataView, start: number, end: number): number {
    const body = this.#chunked;
    if (body === null) return end;
    const content: BodySink | null = this.wantsBody
      ? { content: (part, partStart, partEnd) => sink.body(this, part, partStart, partEnd, false) }
      : null;
    const at = body.consume(view, start, end, content);
    this.bodyBytes = body.contentBytes;
    if (body.failed) {
      sink.malformed(this, body.problem?.code ?? "http-bad-chunk", packet);
      this.#lose(sink);
      return end;
    }
    if (body.done) this.#end(sink, packet, atNs);
    return at;
  }

  #end(sink: MessageSink, packet: number, atNs: number): void {
    this.#state = State.start;
    this.#remaining = 0;
    sink.ended(this, packet, atNs, MessageEnd.whole);
  }

  /** The end of this message, and where the next begins, cannot be told. */
  #lose(sink: MessageSink): void {
    this.#state = State.lost;
    this.#remaining = 0;
    sink.ended(this, this.lastPacket, this.lastNs, MessageEnd.lost);
  }

  /** Tells of a head whose rest will never come, as far as it goes. */
  #endCutHead(sink: MessageSink): void {
    scanHead(this.#bufferView(), 0, this.#buffered, sharedHead);
    this.#state = State.lost;
    if (sharedHead.status === 0 && sharedHead.targetStart < 0) return;
    this.#take(sink, this.#bufferView(), this.#headPacket, this.#headNs, false);
    this.#lose(sink);
  }

  /** False when the budget does not allow it. */
  #append(view: DataView, start: number, end: number): boolean {
    const count = Math.min(end - start, MAX_HTTP_HEAD_BYTES - this.#buffered);
    const needed = this.#buffered + count;
    let buffer = this.#buffer;
    if (buffer === null || buffer.length < needed) {
      let length = buffer?.length ?? 1024;
      while (length < needed) length *= 2;
      if (!this.#budget.take(length - (buffer?.length ?? 0))) return false;
      const larger = new Uint8Array(length);
      if (buffer !== null) larger.set(buffer);
      buffer = larger;
      this.#buffer = buffer;
    }
    for (let index = 0; index < count; index++) buffer[this.#buffered + index] = view.getUint8(start + index);
    this.#buffered = needed;
    return true;
  }

  #letGoBuffer(): void {
    this.#budget.give(this.#buffer?.length ?? 0);
    this.#buffer = null;
    this.#buffered = 0;
  }

  #bufferView(): DataView {
    const buffer = this.#buffer;
    return buffer === null ? EMPTY : new DataView(buffer.buffer, 0, this.#buffered);
  }
}

/** Length of a PROXY header at the start of a stream; 0 when more bytes are needed to tell, NO_PREFIX when there is none. */
function proxyPrefixBytes(view: DataView, start: number, end: number): number {
  if (!agreesWith(view, start, end, "PROXY ") && !agreesWith(view, start, end, "\r\n\r\n\0\r\nQUIT\n"))
    return NO_PREFIX;
  const header = decodeProxyHeader(view, start, end);
  if (header === null || header.verdict === "cut") return 0;
  return header.verdict === "whole" ? header.end - start : NO_PREFIX;
}

const EMPTY = new DataView(new ArrayBuffer(0));
