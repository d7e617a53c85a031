/** How the body behind an HTTP/1.x head is framed, RFC 9112 section 6.3. */
import type { HttpHead } from "./http.ts";
import { type BodyFraming, HttpBody, MAX_LENGTH } from "./http-body.ts";
import { findHttpHeader, httpMethodIs } from "./http-fields.ts";
import type { Problem, ProblemCode } from "./problem.ts";

/** What framing a response must know of the method that it answers. */
export type RequestMethod = "HEAD" | "CONNECT" | "other";

/** The body that follows a request's head. */
export function httpRequestBody(view: DataView, head: HttpHead): HttpBody {
  return framedBody(view, head, "none"); // section 6.3, rule 7
}

/**
 * The body that follows a response's head. `requestMethod` is that of the request that it answers, null when that is not known: a
 * response to HEAD has no body, and one to CONNECT begins a tunnel.
 */
export function httpResponseBody(view: DataView, head: HttpHead, requestMethod: RequestMethod | null): HttpBody {
  const status = head.status ?? 0;
  if (requestMethod === "HEAD" || (status >= 100 && status < 200) || status === 204 || status === 304) {
    return new HttpBody(status === 101 ? "tunnel" : "none"); // section 6.3, rule 1; RFC 9110 section 15.2.2
  }
  if (requestMethod === "CONNECT" && status >= 200 && status < 300) return new HttpBody("tunnel"); // rule 2
  return framedBody(view, head, "until-close"); // rule 8
}

/** What `httpResponseBody` must know of the request. */
export function bodyMethod(view: DataView, request: HttpHead): RequestMethod {
  if (httpMethodIs(view, request, "HEAD")) return "HEAD";
  return httpMethodIs(view, request, "CONNECT") ? "CONNECT" : "other";
}

/** Section 6.3, rules 3 to 6; `otherwise` when neither header is there. */
function framedBody(view: DataView, head: HttpHead, otherwise: BodyFraming): HttpBody {
  const lengthIndex = findHttpHeader(view, head, "content-length", 0);
  const codingIndex = findHttpHeader(view, head, "transfer-encoding", 0);
  if (codingIndex >= 0) {
    const chunked = isChunkedLast(view, head, codingIndex);
    const code = chunked ? "http-conflicting-length" : "http-bad-transfer-coding";
    const sound = chunked ? lengthIndex < 0 : otherwise === "until-close"; // a response may end with its connection (rule 4)
    const problem = sound ? null : headerProblem(head, code, chunked ? lengthIndex : codingIndex);
    return new HttpBody(chunked ? "chunked" : "until-close", 0, problem);
  }
  if (lengthIndex < 0) return new HttpBody(otherwise);
  const lengthBytes = contentLength(view, head, lengthIndex);
  if (lengthBytes >= 0) return new HttpBody("length", lengthBytes);
  return new HttpBody("until-close", 0, headerProblem(head, "http-bad-content-length", lengthIndex));
}

/** The length that all Content-Length lines and list items agree on; -1 when they do not, or one is no number (rule 5). */
function contentLength(view: DataView, head: HttpHead, first: number): number {
  let agreed = -1;
  for (let index = first; index >= 0; index = findHttpHeader(view, head, "content-length", index + 4)) {
    const end = head.headers[index + 3] ?? 0;
    let value = -1;
    for (let at = head.headers[index + 2] ?? 0; at <= end; at++) {
      const byte = at < end ? view.getUint8(at) : 0x2c;
      if (byte >= 0x30 && byte <= 0x39) {
        value = Math.max(0, value) * 10 + byte - 0x30;
        if (value > MAX_LENGTH) return -1;
      } else if (byte === 0x2c) {
        if (value < 0 || (agreed >= 0 && agreed !== value)) return -1;
        agreed = value;
        value = -1;
      } else if (byte !== 0x20 && byte !== 0x09) return -1;
    }
  }
  return agreed;
}

/** Whether the last coding of the last Transfer-Encoding line is "chunked". */
function isChunkedLast(view: DataView, head: HttpHead, first: number): boolean {
  let last = first;
  for (let next = first; next >= 0; next = findHttpHeader(view, head, "transfer-encoding", next + 4)) last = next;
  const valueStart = head.headers[last + 2] ?? 0;
  const valueEnd = head.headers[last + 3] ?? 0;
  const start = valueEnd - "chunked".length;
  if (start < valueStart) return false;
  for (let at = 0; at < 7; at++) if ((view.getUint8(start + at) | 0x20) !== "chunked".charCodeAt(at)) return false;
  const before = start > valueStart ? view.getUint8(start - 1) : 0x2c;
  return before === 0x2c || before === 0x20 || before === 0x09;
}

function headerProblem(head: HttpHead, code: ProblemCode, index: number): Problem {
  const start = head.headers[index] ?? head.start;
  const availableBytes = (head.headers[index + 3] ?? start) - start;
  return { code, layer: "http", offsetBytes: start - head.start, neededBytes: 0, availableBytes, limit: "stream" };
}
