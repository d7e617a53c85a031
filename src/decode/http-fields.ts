/** Parts of an HTTP head, RFC 9112 and RFC 9110, as text or as comparisons that make none. The view must still hold the head's bytes. */
import { safeText } from "../bytes/text.ts";
import { agreesWith, type HttpHead, isTokenByte } from "./http.ts";

/** Form of a request's target (RFC 9112 section 3.2). */
type HttpTargetForm = "origin" | "absolute" | "authority" | "asterisk";

/** A request's target split up; offsets are into the view. */
export interface HttpTarget {
  form: HttpTargetForm;
  /** Host and port of absolute-form and authority-form; alike when there is none. */
  authorityStart: number;
  authorityEnd: number;
  /** Path and query. */
  pathStart: number;
  pathEnd: number;
}

/** The method as sent; null for a response. */
export function httpMethod(view: DataView, head: HttpHead): string | null {
  return head.methodEnd > head.methodStart ? safeText(view, head.methodStart, head.methodEnd) : null;
}

/** True when the method is exactly `method`; makes no text. */
export function httpMethodIs(view: DataView, head: HttpHead, method: string): boolean {
  return (
    head.methodEnd - head.methodStart === method.length && agreesWith(view, head.methodStart, head.methodEnd, method)
  );
}

/** The request target as sent, secrets and all; null for a response. */
export function httpTargetText(view: DataView, head: HttpHead): string | null {
  return head.targetEnd > head.targetStart ? safeText(view, head.targetStart, head.targetEnd) : null;
}

/** Splits a request's target; null for a response. */
export function httpTarget(view: DataView, head: HttpHead): HttpTarget | null {
  const { targetStart, targetEnd } = head;
  if (targetEnd <= targetStart) return null;
  const whole = { authorityStart: targetStart, authorityEnd: targetStart, pathStart: targetStart, pathEnd: targetEnd };
  if (httpMethodIs(view, head, "CONNECT")) {
    return { ...whole, form: "authority", authorityEnd: targetEnd, pathStart: targetEnd };
  }
  const first = view.getUint8(targetStart);
  if (first === 0x2a && targetEnd - targetStart === 1) return { ...whole, form: "asterisk" };
  const authorityStart = first === 0x2f ? -1 : behindScheme(view, targetStart, targetEnd);
  if (authorityStart < 0) return { ...whole, form: "origin" };
  let authorityEnd = authorityStart;
  while (authorityEnd < targetEnd && !endsAuthority(view.getUint8(authorityEnd))) authorityEnd++;
  return { form: "absolute", authorityStart, authorityEnd, pathStart: authorityEnd, pathEnd: targetEnd };
}

/** The reason phrase; null for a request, "" when there is none. */
export function httpReason(view: DataView, head: HttpHead): string | null {
  return head.status === null ? null : safeText(view, head.reasonStart, head.reasonEnd);
}

/** The value of the first header line with that name (given in lower case, met in any); null when there is none. */
export function httpHeader(view: DataView, head: HttpHead, name: string): string | null {
  const index = findHttpHeader(view, head, name, 0);
  return index < 0 ? null : safeText(view, head.headers[index + 2] ?? 0, head.headers[index + 3] ?? 0);
}

/** Index in `head.headers` of the next line with that name (in lower case) at or behind `from`; -1 when there is none. Makes no text. */
export function findHttpHeader(view: DataView, head: HttpHead, name: string, from: number): number {
  const { headers } = head;
  for (let index = from; index < headers.length; index += 4) {
    const nameStart = headers[index] ?? 0;
    if ((headers[index + 1] ?? 0) - nameStart !== name.length) continue;
    let at = 0;
    while (at < name.length && lowerCase(view.getUint8(nameStart + at)) === name.charCodeAt(at)) at++;
    if (at === name.length) return index;
  }
  return -1;
}

/** Offset behind "scheme://" (RFC 3986 section 3.1), or -1. */
function behindScheme(view: DataView, start: number, end: number): number {
  let at = start;
  while (at < end && isTokenByte(view.getUint8(at))) at++;
  return at > start && at + 3 <= end && agreesWith(view, at, at + 3, "://") ? at + 3 : -1;
}

/** RFC 3986 section 3.2: "/", "?" or "#". */
function endsAuthority(byte: number): boolean {
  return byte === 0x2f || byte === 0x3f || byte === 0x23;
}

function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
