/** One HTTP request to the platform, past any proxy. */
import { get } from "node:http";
import { MAX_CHECK_BODY_BYTES } from "../limits.ts";
import type { HttpDetails } from "../report/check-report.ts";
import { VERSION } from "../version.ts";
import type { CheckContext, Outcome } from "./check-test.ts";
import { codeOf } from "./connect.ts";
import { milliseconds } from "./texts.ts";

/** Versions that are kept of an answer. */
const MAX_VERSIONS = 16;

/** An answer with its body as text. */
interface HttpAnswer {
  details: HttpDetails;
  body: string;
}

/** Asks for a list of versions; `versionsOf` finds them in the answer's body. */
export async function askVersions(
  context: CheckContext,
  port: number,
  target: string,
  versionsOf: (body: string) => readonly string[],
): Promise<Outcome<HttpDetails>> {
  const { details, body } = await httpGet(context, port, target);
  const { status, responseMs, error } = details;
  if (status === null) {
    const what = error === "ETIMEDOUT" ? "no answer" : `no answer (${error})`;
    return { result: "failed", summary: `GET ${target}: ${what}.`, details };
  }
  const told = `GET ${target}: ${status} in ${milliseconds(responseMs ?? 0)}`;
  details.versions = versionsOf(body).slice(0, MAX_VERSIONS);
  if (status !== 200) return { result: "warning", summary: `${told}.`, details };
  if (details.versions.length === 0)
    return { result: "warning", summary: `${told}, but it lists no version.`, details };
  return { result: "passed", summary: `${told}; ${details.versions.join(", ")}.`, details };
}

function httpGet({ address, timeoutMs }: CheckContext, port: number, target: string): Promise<HttpAnswer> {
  const details: HttpDetails = {
    ...{ port, target, localPort: null, status: null, responseMs: null, bodyBytes: null },
    ...{ versions: [], error: null },
  };
  return new Promise((resolve) => {
    const startedMs = performance.now();
    let body = "";
    let over = false;
    const headers = { Metadata: "true", "User-Agent": `vipscope/${VERSION}`, Connection: "close" };
    const request = get({ host: address, port, path: target, headers, agent: false });
    const finish = (error: string | null): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      details.error = error;
      resolve({ details, body });
      request.destroy();
    };
    // An answer that came while the process could not look is taken in first.
    const timer = setTimeout(() => setImmediate(() => finish("ETIMEDOUT")), timeoutMs);
    request.on("socket", (socket) => {
      socket.on("connect", () => {
        details.localPort = socket.localPort ?? null;
      });
    });
    request.on("error", (error) => finish(codeOf(error)));
    request.on("response", (response) => {
      details.status = response.statusCode ?? null;
      details.responseMs = performance.now() - startedMs;
      details.bodyBytes = 0;
      response.setEncoding("latin1");
      response.on("data", (text: string) => {
        details.bodyBytes = (details.bodyBytes ?? 0) + text.length;
        body += text;
        if (body.length > MAX_CHECK_BODY_BYTES) finish(null);
      });
      response.on("end", () => finish(null));
      response.on("error", () => finish(null));
    });
  });
}
