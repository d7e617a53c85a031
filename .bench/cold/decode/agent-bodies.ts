/**
 * The few fields that the analysis takes from bodies between the VM agent and the platform: health reports, goal states and errors.
 *
 * It looks for elements and keys by name in the beginning of a body, which may be cut anywhere, and parses no document: every search
 * goes forwards once, so no body can make it slow. XML and JSON escapes are resolved, and the text is made safe to print.
 */
import { safeString } from "../bytes/text.ts";

const JSON_CODES: readonly string[] = ["errorCode", "code", "Code"];
const JSON_MESSAGES: readonly string[] = ["message", "Message"];
const XML_CODES: readonly string[] = ["Code"];
/** HTTP.sys answers with an HTML page that has its message in the title alone. */
const XML_MESSAGES: readonly string[] = ["Message", "title", "TITLE"];

/** XML of POST /machine?comp=health. */
export interface HealthReportBody {
  /** "Ready" or "NotReady", as sent. */
  state: string;
  /** Details/SubStatus; null when there is none. */
  substatus: string | null;
  /** Details/Description; null when there is none. */
  description: string | null;
  /** GoalStateIncarnation; null when there is none. */
  incarnation: string | null;
}

/** XML that answers GET /machine?comp=goalstate. */
export interface GoalStateBody {
  incarnation: string;
  /** Machine/ExpectedState, "Started" for one; null when there is none. */
  expectedState: string | null;
}

/** JSON, XML or HTML of a 4xx or 5xx answer. */
export interface ErrorBody {
  /** "InvalidContainerConfiguration", "ResourceGone", ...; null in HTML, which has only a title. */
  code: string | null;
  message: string | null;
}

/** The health report in `view[start, end)`; null when it holds no state. */
export function readHealthReport(view: DataView, start: number, end: number): HealthReportBody | null {
  const body = bodyText(view, start, end);
  const state = elementText(body, "State");
  if (state === null) return null;
  return {
    state,
    substatus: elementText(body, "SubStatus"),
    description: elementText(body, "Description"),
    incarnation: elementText(body, "GoalStateIncarnation"),
  };
}

/** The goal state in `view[start, end)`; null when it holds no incarnation. */
export function readGoalState(view: DataView, start: number, end: number): GoalStateBody | null {
  const body = bodyText(view, start, end);
  const incarnation = elementText(body, "Incarnation");
  return incarnation === null ? null : { incarnation, expectedState: elementText(body, "ExpectedState") };
}

/** The error in `view[start, end)`; null when it holds neither code nor message. */
export function readErrorBody(view: DataView, start: number, end: number): ErrorBody | null {
  const body = bodyText(view, start, end);
  const isJson = /^\s*[{[]/.test(body);
  const find = isJson ? jsonText : elementText;
  const code = first(body, isJson ? JSON_CODES : XML_CODES, find);
  const message = first(body, isJson ? JSON_MESSAGES : XML_MESSAGES, find);
  return code === null && message === null ? null : { code, message };
}

function first(
  body: string,
  names: readonly string[],
  find: (body: string, name: string) => string | null,
): string | null {
  for (const name of names) {
    const text = find(body, name);
    if (text !== null) return text;
  }
  return null;
}

function bodyText(view: DataView, start: number, end: number): string {
  const count = Math.max(0, Math.min(end, view.byteLength) - start);
  return Buffer.from(view.buffer, view.byteOffset + start, count)
    .toString("utf8")
    .replace(/^\ufeff/, "");
}

/** Text of the first element with that name; null without one, or when its end is not there. */
function elementText(body: string, name: string): string | null {
  const opening = `<${name}`;
  for (let at = body.indexOf(opening); at >= 0; at = body.indexOf(opening, at + opening.length)) {
    const behind = body[at + opening.length] ?? "";
    if (!"> \t\r\n/".includes(behind)) continue;
    const tagEnd = body.indexOf(">", at);
    if (tagEnd < 0) return null;
    if (body[tagEnd - 1] === "/") return null;
    return contentText(body, tagEnd + 1);
  }
  return null;
}

/** Character data from `start` to the next tag; CDATA as it is. Null when it is empty, or its end is not there. */
function contentText(body: string, start: number): string | null {
  const opening = "<![CDATA[";
  const isCdata = body.startsWith(opening, start);
  const textStart = isCdata ? start + opening.length : start;
  const textEnd = body.indexOf(isCdata ? "]]>" : "<", textStart);
  if (textEnd < 0) return null;
  const text = body.slice(textStart, textEnd);
  return safeString((isCdata ? text : withoutEntities(text)).trim()) || null;
}

/** Resolves the five entities of XML 1.0 section 4.6 and character references. */
function withoutEntities(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot|apos);/gi, (whole, name: string) => {
    const lower = name.toLowerCase();
    if (!lower.startsWith("#")) return { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }[lower] ?? whole;
    const codePoint = lower[1] === "x" ? Number.parseInt(lower.slice(2), 16) : Number.parseInt(lower.slice(1), 10);
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
  });
}

/** The string that is the value of the first such key; null without one, or when it is cut. */
function jsonText(body: string, key: string): string | null {
  const quotedKey = `"${key}"`;
  for (let at = body.indexOf(quotedKey); at >= 0; at = body.indexOf(quotedKey, at + quotedKey.length)) {
    const colon = passBlanks(body, at + quotedKey.length);
    if (body[colon] !== ":") continue;
    const opening = passBlanks(body, colon + 1);
    return body[opening] === '"' ? stringText(body, opening + 1) : null;
  }
  return null;
}

/** The JSON string whose first character stands at `start`, RFC 8259 section 7. */
function stringText(body: string, start: number): string | null {
  let end = start;
  while (end < body.length && body[end] !== '"') end += body[end] === "\\" ? 2 : 1;
  if (end >= body.length) return null;
  const text = body.slice(start, end).replaceAll(/\\(u[0-9a-f]{4}|[^u])/gi, (_, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[code] ?? code;
  });
  return safeString(text) || null;
}

function passBlanks(body: string, start: number): number {
  let at = start;
  while (at < body.length && " \t\r\n".includes(body[at] ?? "?")) at++;
  return at;
}
