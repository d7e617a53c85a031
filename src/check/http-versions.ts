/** Does WireServer answer the request that the platform's documentation tells people to make? */
import { WIRESERVER_PORT } from "../service/platform.ts";
import type { TestDefinition } from "./check-test.ts";
import { askVersions } from "./http-get.ts";

const TARGET = "/?comp=versions";

export const httpVersionsTest: TestDefinition<"http-versions"> = {
  id: "http-versions",
  sends: true,
  needs: ["tcp-80"],
  after: [],
  nothing: {
    ...{ port: WIRESERVER_PORT, target: TARGET, localPort: null, status: null, responseMs: null, bodyBytes: null },
    ...{ versions: [], error: null },
  },
  run: (context) => askVersions(context, WIRESERVER_PORT, TARGET, versionsOfXml),
};

/** The Version elements, Preferred and Supported alike, each once. */
export function versionsOfXml(body: string): string[] {
  return [...new Set([...body.matchAll(/<Version>([\w.-]{1,40})<\/Version>/g)].map((match) => match[1] ?? ""))];
}
