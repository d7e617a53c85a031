/**
 * Heads of HTTP/1.x messages, RFC 9112 sections 2 to 5. The head is found and split into ranges of the view; http-fields.ts
 * makes text of what is asked. As tolerant as servers are: empty lines before the request, bare LF, folded lines, several spaces. A PROXY header before the
 * message (see proxy-protocol.ts) is told and passed over.
 */
import { MAX_HTTP_HEAD_BYTES, MAX_HTTP_HEADERS } from "../limits.ts";
import type { LengthLimit, Problem, ProblemCode } from "./problem.ts";
import { decodeProxyHeader, mayBecomeProxyHeader, type ProxyHeader } from "./proxy-protocol.ts";

const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;

/** Methods by which bytes without a whole first line are known as a request. */
const METHODS: readonly string[] = ["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "CONNECT", "PATCH", "TRACE"];
const RESPONSE_PREFIX = "HTTP/1.";
/** Bytes of a first line that is looked at before the protocol is given up: the longest known method and a space are shorter. */
const MAX_EMPTY_LINE_BYTES = 8;

/** How the head went. "cut": it ends before its empty line, and begins like HTTP or is too short to tell. */
type HttpVerdict = "whole" | "cut" | "not-http" | "malformed";

/** A head as ranges of the view. What is not there has start and end alike. */
export interface HttpHead {
  verdict: HttpVerdict;
  kind: "request" | "response" | null;
  /** Where the first line begins: behind a PROXY header and empty lines. */
  start: number;
  /** Behind the empty line, where the body begins; where reading stopped when the verdict is not "whole". */
  end: number;
  /** PROXY header before the message; null without one. */
  proxy: ProxyHeader | null;
  /** 0 for HTTP/1.0, 1 for HTTP/1.1; null when not reached. */
  minorVersion: number | null;
  methodStart: number;
  methodEnd: number;
  targetStart: number;
  targetEnd: number;
  /** Null for a request. */
  status: number | null;
  reasonStart: number;
  reasonEnd: number;
  /** Four offsets for each header line: name start and end, value start and end. Folded lines are inside the value. */
  headers: number[];
  /** The first thing that was wrong, also for what was tolerated; null when nothing was. */
  problem: Problem | null;
}

/** Decodes the head at the start of `view[start, end)`. `limit` says what ended it, for the problem. Never throws. */
export function decodeHttpHead(view: DataView, start: number, end: number, limit: LengthLimit = "stream"): HttpHead {
  const head = emptyHead(start);
  const at = passProxyHeader(view, start, end, head, limit);
  if (at < 0) return head;
  head.start = passEmptyLines(view, at, end);
  const bound = Math.min(end, head.start + MAX_HTTP_HEAD_BYTES);
  const lineFeed = findLineFeed(view, head.start, bound);
  if (lineFeed < 0) {
    if (!mayBeHttp(view, head.start, bound)) head.verdict = "not-http";
    else stopBeforeEnd(head, bound, end, limit);
    return head;
  }
  if (!readStartLine(view, head, lineEnd(view, head.start, lineFeed), limit)) return head;
  readHeaders(view, head, lineFeed + 1, bound, end, limit);
  return head;
}

/** True when the bytes begin like an HTTP/1.x message with a known method, or are too few to tell. For a range without a PROXY header. */
function mayBeHttp(view: DataView, start: number, end: number): boolean {
  if (agreesWith(view, start, end, RESPONSE_PREFIX)) return true;
  for (const method of METHODS) {
    if (!agreesWith(view, start, end, method)) continue;
    return start + method.length >= end || isBlank(view.getUint8(start + method.length));
  }
  return false;
}

function emptyHead(start: number): HttpHead {
  return {
    verdict: "whole",
    kind: null,
    start,
    end: start,
    proxy: null,
    minorVersion: null,
    methodStart: start,
    methodEnd: start,
    targetStart: start,
    targetEnd: start,
    status: null,
    reasonStart: start,
    reasonEnd: start,
    headers: [],
    problem: null,
  };
}

/** Offset behind a PROXY header, or `start` without one; -1 when the head ends here. */
function passProxyHeader(view: DataView, start: number, end: number, head: HttpHead, limit: LengthLimit): number {
  const proxy = decodeProxyHeader(view, start, end, limit);
  if (proxy === null) {
    if (!mayBecomeProxyHeader(view, start, end)) return start;
    stopBeforeEnd(head, end, end, limit);
    return -1;
  }
  head.proxy = proxy;
  head.problem = proxy.problem;
  if (proxy.verdict === "whole") return proxy.end;
  head.verdict = proxy.verdict;
  head.end = proxy.end;
  return -1;
}

/** RFC 9112 section 2.2: a server ignores at least one empty line before the request. */
function passEmptyLines(view: DataView, start: number, end: number): number {
  const stop = Math.min(end, start + MAX_EMPTY_LINE_BYTES);
  let at = start;
  while (at < stop && (view.getUint8(at) === CR || view.getUint8(at) === LF)) at++;
  return at;
}

function findLineFeed(view: DataView, start: number, end: number): number {
  for (let at = start; at < end; at++) if (view.getUint8(at) === LF) return at;
  return -1;
}

/** Where the line that ends at the LF `lineFeed` ends: before CR LF, or before a bare LF (section 2.2). */
function lineEnd(view: DataView, start: number, lineFeed: number): number {
  return lineFeed > start && view.getUint8(lineFeed - 1) === CR ? lineFeed - 1 : lineFeed;
}

/** Reads the first line; false when the head ends here, with its verdict set. */
function readStartLine(view: DataView, head: HttpHead, end: number, limit: LengthLimit): boolean {
  const { start } = head;
  const isResponse = end - start >= RESPONSE_PREFIX.length && agreesWith(view, start, end, RESPONSE_PREFIX);
  if (isResponse ? readStatusLine(view, head, end) : readRequestLine(view, head, end)) return true;
  head.end = end;
  head.kind = null;
  head.methodEnd = head.methodStart;
  head.targetEnd = head.targetStart;
  head.verdict = end > start && mayBeHttp(view, start, end) ? "malformed" : "not-http";
  if (head.verdict === "malformed") note(head, "http-bad-start-line", start, 0, end - start, limit);
  return false;
}

/** RFC 9112 section 4: version, three digits, and a reason phrase that may be missing. */
function readStatusLine(view: DataView, head: HttpHead, end: number): boolean {
  const versionEnd = head.start + RESPONSE_PREFIX.length + 1;
  const codeStart = passBlanks(view, versionEnd, end);
  if (codeStart === versionEnd || codeStart + 3 > end || !isDigit(view.getUint8(versionEnd - 1))) return false;
  let status = 0;
  for (let at = codeStart; at < codeStart + 3; at++) {
    if (!isDigit(view.getUint8(at))) return false;
    status = status * 10 + view.getUint8(at) - 0x30;
  }
  const codeEnd = codeStart + 3;
  if (status < 100 || (codeEnd < end && !isBlank(view.getUint8(codeEnd)))) return false;
  head.kind = "response";
  head.minorVersion = view.getUint8(versionEnd - 1) - 0x30;
  head.status = status;
  head.reasonStart = Math.min(end, codeEnd + 1);
  head.reasonEnd = end;
  return true;
}

/** RFC 9112 section 3: method, target and version; like most servers it takes any run of blanks between them. */
function readRequestLine(view: DataView, head: HttpHead, lineStop: number): boolean {
  const { start } = head;
  let end = lineStop;
  while (end > start && isBlank(view.getUint8(end - 1))) end--;
  let methodEnd = start;
  while (methodEnd < end && isTokenByte(view.getUint8(methodEnd))) methodEnd++;
  const targetStart = passBlanks(view, methodEnd, end);
  const versionStart = end - RESPONSE_PREFIX.length - 1;
  if (methodEnd === start || targetStart === methodEnd || versionStart <= targetStart) return false;
  if (!agreesWith(view, versionStart, end, RESPONSE_PREFIX) || !isDigit(view.getUint8(end - 1))) return false;
  let targetEnd = versionStart;
  while (targetEnd > targetStart && isBlank(view.getUint8(targetEnd - 1))) targetEnd--;
  if (targetEnd === targetStart || targetEnd === versionStart) return false;
  head.kind = "request";
  head.minorVersion = view.getUint8(end - 1) - 0x30;
  head.methodStart = start;
  head.methodEnd = methodEnd;
  head.targetStart = targetStart;
  head.targetEnd = targetEnd;
  return true;
}

function readHeaders(
  view: DataView,
  head: HttpHead,
  from: number,
  bound: number,
  end: number,
  limit: LengthLimit,
): void {
  let lineStart = from;
  for (;;) {
    const lineFeed = findLineFeed(view, lineStart, bound);
    if (lineFeed < 0) {
      stopBeforeEnd(head, bound, end, limit);
      return;
    }
    const stop = lineEnd(view, lineStart, lineFeed);
    if (stop === lineStart) {
      head.end = lineFeed + 1;
      return;
    }
    readHeaderLine(view, head, lineStart, stop, limit);
    lineStart = lineFeed + 1;
  }
}

/** RFC 9112 section 5. A line that is no header is noted and passed over. */
function readHeaderLine(view: DataView, head: HttpHead, start: number, end: number, limit: LengthLimit): void {
  const { headers } = head;
  let valueEnd = end;
  while (valueEnd > start && isBlank(view.getUint8(valueEnd - 1))) valueEnd--;
  if (isBlank(view.getUint8(start)) && headers.length > 0) {
    headers[headers.length - 1] = valueEnd; // section 5.2: a folded line goes on with the value before it
    return;
  }
  let nameEnd = start;
  while (nameEnd < end && isTokenByte(view.getUint8(nameEnd))) nameEnd++;
  const colon = passBlanks(view, nameEnd, end);
  if (nameEnd === start || colon === end || view.getUint8(colon) !== COLON) {
    note(head, "http-bad-header", start, 0, end - start, limit);
    return;
  }
  if (colon > nameEnd) note(head, "http-bad-header", nameEnd, 0, end - nameEnd, limit); // section 5.1: no blank before the colon
  if (headers.length >= MAX_HTTP_HEADERS * 4) {
    note(head, "http-too-many-headers", start, 0, end - start, "bound");
    return;
  }
  const valueStart = passBlanks(view, colon + 1, end);
  headers.push(start, nameEnd, valueStart, Math.max(valueStart, valueEnd));
}

/** Sets the verdict for a head whose empty line is not within `bound`. */
function stopBeforeEnd(head: HttpHead, bound: number, end: number, limit: LengthLimit): void {
  head.end = bound;
  if (bound < end || bound - head.start >= MAX_HTTP_HEAD_BYTES) {
    head.verdict = "malformed";
    note(head, "http-head-too-long", bound, 0, end - bound, "bound");
  } else {
    head.verdict = "cut";
    note(head, "http-cut", bound, 1, 0, limit);
  }
}

function note(
  head: HttpHead,
  code: ProblemCode,
  at: number,
  neededBytes: number,
  availableBytes: number,
  limit: LengthLimit,
): void {
  head.problem ??= { code, layer: "http", offsetBytes: at - head.start, neededBytes, availableBytes, limit };
}

/** True when the bytes are those of `text`, as far as both go. */
export function agreesWith(view: DataView, start: number, end: number, text: string): boolean {
  const count = Math.min(end - start, text.length);
  for (let at = 0; at < count; at++) if (view.getUint8(start + at) !== text.charCodeAt(at)) return false;
  return true;
}

export function passBlanks(view: DataView, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(view.getUint8(at))) at++;
  return at;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === HTAB;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** tchar of RFC 9110 section 5.6.2: visible ASCII but for the delimiters "(),/:;<=>?@[\]{} and the quotation mark. */
export function isTokenByte(byte: number): boolean {
  if (byte >= 0x61) return byte !== 0x7b && byte !== 0x7d && byte < 0x7f;
  if (byte >= 0x41) return byte < 0x5b || byte > 0x5d;
  if (byte >= 0x30) return byte < 0x3a;
  return byte > 0x20 && byte !== 0x22 && byte !== 0x28 && byte !== 0x29 && byte !== 0x2c && byte !== 0x2f;
}
