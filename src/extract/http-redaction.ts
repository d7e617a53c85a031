/**
 * Overwrites what may be secret in one HTTP connection, segment by segment, in place and without changing a length: bodies, header values
 * that are not known to be harmless, and secrets in request targets. What cannot be told for certain is overwritten whole.
 */
import { safeText } from "../bytes/text.ts";
import { decodeHttpHead, type HttpHead } from "../decode/http.ts";
import type { BodySink, HttpBody } from "../decode/http-body.ts";
import { bodyMethod, httpRequestBody, httpResponseBody, type RequestMethod } from "../decode/http-framing.ts";
import { redactTarget } from "../report/redact.ts";
import { REDACTED_BYTE, SAFE_HEADERS } from "./redaction-rules.ts";

/** Segments of one direction whose result is kept for retransmissions. */
const MAX_KEPT_SEGMENTS = 64;
/** Requests of one connection whose answers are awaited. */
const MAX_AWAITED = 256;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Both directions of one connection. */
export class HttpRedaction {
  private readonly toPlatform: DirectionState = new DirectionState();
  private readonly fromPlatform: DirectionState = new DirectionState();
  private readonly methods: RequestMethod[] = [];

  /** Bytes that are held for segments to come. */
  get heldBytes(): number {
    return this.toPlatform.heldBytes + this.fromPlatform.heldBytes;
  }

  /** Redacts the payload `bytes[start, end)` of one segment. `sequence` is that of its first byte. */
  segment(toPlatform: boolean, sequence: number, bytes: Uint8Array, start: number, end: number): void {
    const state = toPlatform ? this.toPlatform : this.fromPlatform;
    const known = state.kept.get(sequence >>> 0);
    const length = end - start;
    if (known !== undefined && known.length >= length) {
      bytes.set(known.subarray(0, length), start);
      return;
    }
    const follows = state.next === null || state.next === sequence >>> 0;
    if (!follows) state.restart();
    this.redact(state, bytes, start, end, follows || startsMessage(bytes, start, end));
    state.next = (sequence + length) >>> 0;
    state.keep(sequence >>> 0, bytes.slice(start, end));
  }

  private redact(state: DirectionState, bytes: Uint8Array, start: number, end: number, inStep: boolean): void {
    if (!inStep) {
      bytes.fill(REDACTED_BYTE, start, end);
      return;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = start;
    while (at < end) {
      if (state.body !== null) {
        at = overwriteBody(state.body, bytes, view, at, end);
        if (!state.body.done && !state.body.failed) return;
        if (state.body.failed) break;
        state.body = null;
        continue;
      }
      const headEnd = this.redactHead(state, bytes, at, end);
      if (headEnd < 0) return;
      at = headEnd;
    }
    bytes.fill(REDACTED_BYTE, at, end);
  }

  /** Where the head ends in this segment; -1 when it goes on behind it, or is none and was overwritten. */
  private redactHead(state: DirectionState, bytes: Uint8Array, at: number, end: number): number {
    const before = state.headPart;
    const whole = new Uint8Array(before.length + end - at);
    whole.set(before);
    whole.set(bytes.subarray(at, end), before.length);
    const view = new DataView(whole.buffer);
    const head = decodeHttpHead(view, 0, whole.length);
    if (head.verdict === "not-http" || head.verdict === "malformed") {
      bytes.fill(REDACTED_BYTE, at, end);
      state.restart();
      return -1;
    }
    if (head.verdict === "cut") state.headPart = whole.slice();
    const headEnd = head.verdict === "cut" ? whole.length : head.end;
    const redacted = whole.slice(0, headEnd);
    redactHeadBytes(redacted, view, head, headEnd);
    bytes.set(redacted.subarray(before.length), at);
    if (head.verdict === "cut") return -1;
    state.headPart = NOTHING;
    state.body = this.bodyOf(view, head);
    return at + headEnd - before.length;
  }

  private bodyOf(view: DataView, head: HttpHead): HttpBody {
    if (head.kind === "request") {
      if (this.methods.length < MAX_AWAITED) this.methods.push(bodyMethod(view, head));
      return httpRequestBody(view, head);
    }
    const isInterim = head.status !== null && head.status >= 100 && head.status < 200 && head.status !== 101;
    const method = isInterim ? (this.methods[0] ?? null) : (this.methods.shift() ?? null);
    return httpResponseBody(view, head, method);
  }
}

const NOTHING: Uint8Array = new Uint8Array(0);

/** What is known of one direction between segments. */
class DirectionState {
  /** Sequence number that comes next; null before the first segment. */
  next: number | null = null;
  body: HttpBody | null = null;
  /** The original bytes of a head whose end has not come. */
  headPart: Uint8Array = NOTHING;
  readonly kept: Map<number, Uint8Array> = new Map();
  private keptBytes = 0;

  get heldBytes(): number {
    return this.keptBytes + this.headPart.length;
  }

  restart(): void {
    this.body = null;
    this.headPart = NOTHING;
  }

  keep(sequence: number, redacted: Uint8Array): void {
    this.forget(sequence);
    this.kept.set(sequence, redacted);
    this.keptBytes += redacted.length;
    const oldest = this.kept.keys().next();
    if (this.kept.size > MAX_KEPT_SEGMENTS && oldest.done !== true) this.forget(oldest.value);
  }

  private forget(sequence: number): void {
    this.keptBytes -= this.kept.get(sequence)?.length ?? 0;
    this.kept.delete(sequence);
  }
}

function startsMessage(bytes: Uint8Array, start: number, end: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { verdict } = decodeHttpHead(view, start, end);
  return verdict === "whole" || verdict === "cut";
}

/** Overwrites content and leaves chunk framing, so that lengths can still be followed. */
function overwriteBody(body: HttpBody, bytes: Uint8Array, view: DataView, start: number, end: number): number {
  const sink: BodySink = {
    content: (_, from, to) => {
      bytes.fill(REDACTED_BYTE, from, to);
    },
  };
  return body.consume(view, start, end, sink);
}

/** Redacts the bytes of a head, or of the part of it that has come: `head`'s offsets are into `original`, of which `bytes` is a copy. */
function redactHeadBytes(bytes: Uint8Array, original: DataView, head: HttpHead, headEnd: number): void {
  if (head.targetEnd > head.targetStart) redactTargetBytes(bytes, original, head.targetStart, head.targetEnd);
  else if (head.kind !== "response") fillText(bytes, firstSpace(bytes, head.start, headEnd), headEnd);
  let told = 0;
  for (let at = 0; at + 3 < head.headers.length; at += 4) {
    const [nameStart = 0, nameEnd = 0, valueStart = 0, valueEnd = 0] = head.headers.slice(at, at + 4);
    const name = safeText(original, nameStart, nameEnd).toLowerCase();
    if (!SAFE_HEADERS.has(name)) fillText(bytes, valueStart, valueEnd);
    told = valueEnd;
  }
  // Behind the last header that is whole, a part of one may stand: its value is not known to be harmless.
  if (head.verdict === "cut") fillText(bytes, Math.max(told, head.targetEnd), headEnd);
}

/** Where the redacted target differs from the original its bytes are overwritten; its length stays. */
function redactTargetBytes(bytes: Uint8Array, original: DataView, start: number, end: number): void {
  let target = "";
  for (let at = start; at < end; at++) target += String.fromCharCode(original.getUint8(at));
  if (redactTarget(target) === target) return;
  const question = target.indexOf("?");
  // The path stays unless the secret stands there; then everything behind its first segment goes.
  const keepTo =
    question >= 0 && redactTarget(target.slice(0, question)) === target.slice(0, question) ? question + 1 : 1;
  const parameters = target.slice(keepTo).split("&");
  let at = start + keepTo;
  for (const parameter of parameters) {
    if (redactTarget(`?${parameter}`) !== `?${parameter}` || keepTo === 1) fillText(bytes, at, at + parameter.length);
    at += parameter.length + 1;
  }
}

function firstSpace(bytes: Uint8Array, start: number, end: number): number {
  const space = bytes.indexOf(0x20, start);
  return space < 0 || space >= end ? end : space + 1;
}

/** Overwrites all but line ends. */
function fillText(bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== CARRIAGE_RETURN && bytes[at] !== LINE_FEED) bytes[at] = REDACTED_BYTE;
  }
}
