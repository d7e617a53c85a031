/**
 * Reads the head of an HTTP/1.x message in place (RFC 9112 sections 2 to 5): no text is made, places are noted as offsets.
 *
 * Only what pairs messages, finds their end and names them is read; `decode/http.ts` decodes a head in full for a person.
 */

/** What `scanHead` answers when there is no end of a head: more bytes are needed, or these are no HTTP. */
export const HEAD_INCOMPLETE = -1;
export const HEAD_NOT_HTTP = -2;

/** Kinds of secrets that may stand in clear text, as bits. */
export const Secret = {
  sasSignature: 1,
  authenticationToken: 2,
  keyHeader: 4,
  certificate: 8,
  statusContent: 16,
  goalStateSettings: 32,
} as const;

/** The names of the bits, in their order. */
export const SECRET_NAMES: readonly string[] = [
  "sas-signature",
  "authentication-token",
  "key-header",
  "certificate",
  "status-content",
  "goal-state-settings",
];

/** Methods that change where a message ends. */
export const MethodKind = { other: 0, head: 1, connect: 2 } as const;
export type MethodKind = (typeof MethodKind)[keyof typeof MethodKind];

/** The parts of a head: a single reused value. Ranges are `[...Start, ...End)` in the scanned view, -1 when absent. */
export class HttpHead {
  request = false;
  methodStart = -1;
  methodEnd = -1;
  methodKind: MethodKind = MethodKind.other;
  targetStart = -1;
  targetEnd = -1;
  /** What is there of the head ends within the target. */
  targetIsCut = false;
  /** 0 for a request. */
  status = 0;
  hostStart = -1;
  hostEnd = -1;
  userAgentStart = -1;
  userAgentEnd = -1;
  /** x-ms-agent-name, x-ms-guest-agent-name or x-ms-client-name. */
  agentStart = -1;
  agentEnd = -1;
  /** -1 without Content-Length, -2 when it is no number or the numbers differ. */
  contentLength = -1;
  /** Transfer-Encoding ends with chunked. */
  chunked = false;
  /** Transfer-Encoding is there and does not end with chunked: the body ends with the connection (RFC 9112 section 6.3). */
  otherCoding = false;
  upgrade = false;
  /** Bits of Secret that the header fields show. */
  secrets = 0;

  reset(): void {
    this.request = false;
    this.methodStart = -1;
    this.methodEnd = -1;
    this.methodKind = MethodKind.other;
    this.targetIsCut = false;
    this.targetStart = -1;
    this.targetEnd = -1;
    this.status = 0;
    this.hostStart = -1;
    this.hostEnd = -1;
    this.userAgentStart = -1;
    this.userAgentEnd = -1;
    this.agentStart = -1;
    this.agentEnd = -1;
    this.contentLength = -1;
    this.chunked = false;
    this.otherCoding = false;
    this.upgrade = false;
    this.secrets = 0;
  }
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;

/** Longest method that is believed, "PROPPATCH" and a little. */
const MAX_METHOD_BYTES = 16;
/** A signed URL in one of the platform's fields is longer: the signature alone has 44 characters. */
const MIN_SIGNED_FIELD_BYTES = 64;
/** "HTTP/1.1 200" */
const STATUS_PREFIX_BYTES = 12;

/**
 * Scans the head at `start`. Answers where the body starts, HEAD_INCOMPLETE when the head goes on after `end` (what was read stands in
 * `out`: with `last` the bytes that are there are all that will come), or HEAD_NOT_HTTP.
 */
export function scanHead(view: DataView, start: number, end: number, out: HttpHead): number {
  out.reset();
  let at = start;
  while (at < end && (view.getUint8(at) === CR || view.getUint8(at) === LF)) at++; // RFC 9112 section 2.2
  const plausible = plausibleStart(view, at, end);
  if (plausible <= 0) return plausible === 0 ? HEAD_INCOMPLETE : HEAD_NOT_HTTP;
  let lineEnd = endOfLine(view, at, end);
  if (plausible === 1) {
    readRequestLine(view, at, lineEnd < 0 ? end : contentEnd(view, at, lineEnd), out);
    out.targetIsCut = lineEnd < 0 && out.targetEnd === end;
  } else out.status = statusAt(view, at + 9);
  while (lineEnd >= 0) {
    at = lineEnd + 1;
    lineEnd = endOfLine(view, at, end);
    if (lineEnd < 0) return HEAD_INCOMPLETE;
    const stop = contentEnd(view, at, lineEnd);
    if (stop === at) return lineEnd + 1;
    readField(view, at, stop, out);
  }
  return HEAD_INCOMPLETE;
}

/** 1: a request line may start here; 2: a status line does; 0: too few bytes to tell; -1: neither. */
export function plausibleStart(view: DataView, start: number, end: number): number {
  if (end <= start) return 0;
  if (view.getUint8(start) === 0x48 && (end - start < 2 || view.getUint8(start + 1) === 0x54)) {
    return plausibleStatusLine(view, start, end);
  }
  const limit = Math.min(end, start + MAX_METHOD_BYTES);
  for (let at = start; at < limit; at++) {
    const byte = view.getUint8(at);
    if (byte === SPACE) return at - start >= 3 ? plausibleTarget(view, at + 1, end) : -1;
    if (byte < 0x41 || byte > 0x5a) return -1;
  }
  return limit === end ? 0 : -1;
}

/** Whether the last bytes of a line can follow `[start, end)` without a new look at the whole: true when a blank line may end in it. */
export function mayEndHead(view: DataView, start: number, end: number, previousByte: number): boolean {
  let before = previousByte;
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte === LF && (before === LF || before === CR)) return true;
    before = byte;
  }
  return false;
}

/** Whether `view[start, end)` is this ASCII text, whatever its case. `lowerCase` must be in lower case. */
export function equalsIgnoreCase(view: DataView, start: number, end: number, lowerCase: string): boolean {
  if (end - start !== lowerCase.length) return false;
  for (let index = 0; index < lowerCase.length; index++) {
    if (lowered(view.getUint8(start + index)) !== lowerCase.charCodeAt(index)) return false;
  }
  return true;
}

/** Where this ASCII text first stands in `view[start, end)`, whatever its case; -1 when it does not. */
export function indexOfIgnoreCase(view: DataView, start: number, end: number, lowerCase: string): number {
  const first = lowerCase.charCodeAt(0);
  const upper = first >= 0x61 && first <= 0x7a ? first & ~0x20 : first;
  const last = end - lowerCase.length;
  for (let at = start; at <= last; at++) {
    const byte = view.getUint8(at);
    if ((byte === first || byte === upper) && equalsIgnoreCase(view, at, at + lowerCase.length, lowerCase)) return at;
  }
  return -1;
}

function plausibleStatusLine(view: DataView, start: number, end: number): number {
  const expected = "HTTP/1.";
  for (let index = 0; index < expected.length; index++) {
    if (start + index >= end) return 0;
    if (view.getUint8(start + index) !== expected.charCodeAt(index)) return -1;
  }
  if (end - start < STATUS_PREFIX_BYTES) return 0;
  return view.getUint8(start + 8) === SPACE && statusAt(view, start + 9) >= 100 ? 2 : -1;
}

/** A target is "/...", "*", "http..." or, for CONNECT, an authority. */
function plausibleTarget(view: DataView, at: number, end: number): number {
  if (at >= end) return 0;
  const byte = view.getUint8(at);
  return byte > SPACE && byte < 0x7f ? 1 : -1;
}

/** The three digits of a status, 0 when they are not. */
function statusAt(view: DataView, at: number): number {
  let status = 0;
  for (let index = 0; index < 3; index++) {
    const digit = view.getUint8(at + index) - 0x30;
    if (digit < 0 || digit > 9) return 0;
    status = status * 10 + digit;
  }
  return status;
}

/** Four bytes at a time: a word holds an LF exactly if the word XOR four LFs holds a zero byte. */
function endOfLine(view: DataView, start: number, end: number): number {
  let at = start;
  for (const last = end - 4; at <= last; at += 4) {
    const differing = view.getUint32(at) ^ 0x0a0a0a0a;
    if (((differing - 0x01010101) & ~differing & 0x80808080) !== 0) break;
  }
  for (; at < end; at++) if (view.getUint8(at) === LF) return at;
  return -1;
}

/** Where a line's content ends: before the CR of CRLF. */
function contentEnd(view: DataView, start: number, lineEnd: number): number {
  return lineEnd > start && view.getUint8(lineEnd - 1) === CR ? lineEnd - 1 : lineEnd;
}

function readRequestLine(view: DataView, start: number, end: number, out: HttpHead): void {
  out.request = true;
  let at = start;
  while (at < end && view.getUint8(at) !== SPACE) at++;
  out.methodStart = start;
  out.methodEnd = at;
  const bytes = at - start;
  if (bytes === 4 && equalsIgnoreCase(view, start, at, "head")) out.methodKind = MethodKind.head;
  else if (bytes === 7 && equalsIgnoreCase(view, start, at, "connect")) out.methodKind = MethodKind.connect;
  if (at >= end) return;
  out.targetStart = at + 1;
  at++;
  while (at < end && view.getUint8(at) !== SPACE) at++;
  out.targetEnd = at;
}

/** Reads one header field if it is one that matters. */
function readField(view: DataView, start: number, end: number, out: HttpHead): void {
  switch (lowered(view.getUint8(start))) {
    case 0x61: // a
      if (isField(view, start, end, "authorization")) out.secrets |= Secret.keyHeader;
      return;
    case 0x63: // c
      if (isField(view, start, end, "content-length")) readContentLength(view, start + 15, end, out);
      return;
    case 0x68: // h
      if (isField(view, start, end, "host")) {
        out.hostStart = valueStart(view, start + 5, end);
        out.hostEnd = valueEnd(view, out.hostStart, end);
      }
      return;
    case 0x74: // t
      if (isField(view, start, end, "transfer-encoding")) readCoding(view, start + 18, end, out);
      return;
    case 0x75: // u
      if (isField(view, start, end, "user-agent")) {
        out.userAgentStart = valueStart(view, start + 11, end);
        out.userAgentEnd = valueEnd(view, out.userAgentStart, end);
      } else if (isField(view, start, end, "upgrade")) out.upgrade = true;
      return;
    case 0x78: // x
      readExtensionField(view, start, end, out);
      return;
    default:
  }
}

/** The platform's own fields, and those that carry secrets. */
function readExtensionField(view: DataView, start: number, end: number, out: HttpHead): void {
  if (end - start < 8 || !equalsIgnoreCase(view, start, start + 5, "x-ms-")) return;
  const agentField = agentFieldBytes(view, start, end);
  if (agentField > 0) {
    out.agentStart = valueStart(view, start + agentField, end);
    out.agentEnd = valueEnd(view, out.agentStart, end);
  } else if (isField(view, start, end, "x-ms-guest-agent-public-x509-cert")) out.secrets |= Secret.certificate;
  else if (isField(view, start, end, "x-ms-azure-host-authorization")) out.secrets |= Secret.keyHeader;
  else if (end - start >= MIN_SIGNED_FIELD_BYTES && indexOfIgnoreCase(view, start, end, "sig=") >= 0) {
    out.secrets |= Secret.sasSignature;
  }
}

function agentFieldBytes(view: DataView, start: number, end: number): number {
  if (isField(view, start, end, "x-ms-agent-name")) return 16;
  if (isField(view, start, end, "x-ms-guest-agent-name")) return 22;
  return isField(view, start, end, "x-ms-client-name") ? 17 : 0;
}

/** Whether the line is this field: its name, then a colon at once (RFC 9112 section 5.1 allows no space). */
function isField(view: DataView, start: number, end: number, name: string): boolean {
  const colon = start + name.length;
  return colon < end && view.getUint8(colon) === COLON && equalsIgnoreCase(view, start, colon, name);
}

function valueStart(view: DataView, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(view.getUint8(at))) at++;
  return at;
}

function valueEnd(view: DataView, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(view.getUint8(at - 1))) at--;
  return at;
}

/** Digits, perhaps the same number several times with commas (RFC 9110 section 8.6). */
function readContentLength(view: DataView, start: number, end: number, out: HttpHead): void {
  const from = valueStart(view, start, end);
  const stop = valueEnd(view, from, end);
  let length = 0;
  let digits = 0;
  for (let at = from; at <= stop; at++) {
    const byte = at < stop ? view.getUint8(at) : 0x2c;
    if (byte >= 0x30 && byte <= 0x39) {
      digits++;
      length = length * 10 + (byte - 0x30);
    } else if (byte === 0x2c && digits > 0 && length <= Number.MAX_SAFE_INTEGER) {
      out.contentLength = out.contentLength === -1 || out.contentLength === length ? length : -2;
      length = 0;
      digits = 0;
    } else if (!isBlank(byte)) {
      out.contentLength = -2;
      return;
    }
  }
}

function readCoding(view: DataView, start: number, end: number, out: HttpHead): void {
  const stop = valueEnd(view, start, end);
  const chunked = stop - start >= 7 && equalsIgnoreCase(view, stop - 7, stop, "chunked");
  out.chunked = chunked;
  out.otherCoding = !chunked;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

function lowered(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
