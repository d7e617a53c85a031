import { safeText } from "../../src/bytes/text.ts";
import { decodeHttpHead, type HttpHead } from "../../src/decode/http.ts";
import { httpMethod, httpReason, httpTarget, httpTargetText } from "../../src/decode/http-fields.ts";
import { httpRequestBody, httpResponseBody } from "../../src/decode/http-framing.ts";
import { problemText } from "./dns.ts";

/** A decoded head as short text, without what is not there, so that documents and comparisons stay readable. */
export function describeHttp(view: DataView, start: number, end: number): Record<string, unknown> {
  const head = decodeHttpHead(view, start, end);
  const { kind, proxy, problem, minorVersion, status } = head;
  const target = httpTarget(view, head);
  const body = kind === "request" ? httpRequestBody(view, head) : httpResponseBody(view, head, null);
  const whole = head.verdict === "whole";
  const described = {
    proxy: proxy && `${proxy.version} ${endpointText(proxy.source)} ${endpointText(proxy.destination)}`,
    verdict: head.verdict,
    kind,
    version: minorVersion === null ? null : `1.${minorVersion}`,
    method: httpMethod(view, head),
    target: httpTargetText(view, head),
    form: target?.form,
    authority:
      target && target.authorityEnd > target.authorityStart
        ? safeText(view, target.authorityStart, target.authorityEnd)
        : null,
    path: target && safeText(view, target.pathStart, target.pathEnd),
    status,
    reason: httpReason(view, head),
    headers: kind && headerTexts(view, head),
    problem: problem && problemText(problem),
    body: whole ? body.framing : null,
    bodyProblem: whole && body.problem ? problemText(body.problem) : null,
    behind: whole && head.end < end ? safeText(view, head.end, end) : null,
  };
  return Object.fromEntries(Object.entries(described).filter(([, value]) => value !== null && value !== undefined));
}

function headerTexts(view: DataView, head: HttpHead): string[] {
  const texts: string[] = [];
  for (let index = 0; index < head.headers.length; index += 4) {
    const [nameStart = 0, nameEnd = 0, valueStart = 0, valueEnd = 0] = head.headers.slice(index, index + 4);
    texts.push(`${safeText(view, nameStart, nameEnd)}: ${safeText(view, valueStart, valueEnd)}`);
  }
  return texts;
}

function endpointText(endpoint: { address: string; port: number } | null): string {
  return endpoint === null ? "-" : `${endpoint.address}:${endpoint.port}`;
}
