/** Does HostGAPlugin answer? */
import { HOSTGA_PLUGIN_PORT } from "../service/platform.ts";
import type { TestDefinition } from "./check-test.ts";
import { parseJson } from "./command.ts";
import { askVersions } from "./http-get.ts";

const TARGET = "/versions";

export const hostgaVersionsTest: TestDefinition<"hostga-versions"> = {
  id: "hostga-versions",
  sends: true,
  needs: ["tcp-32526"],
  after: [],
  nothing: {
    ...{ port: HOSTGA_PLUGIN_PORT, target: TARGET, localPort: null, status: null, responseMs: null, bodyBytes: null },
    ...{ versions: [], error: null },
  },
  run: (context) => askVersions(context, HOSTGA_PLUGIN_PORT, TARGET, versionsOfJson),
};

/** The texts of a JSON array. */
export function versionsOfJson(body: string): string[] {
  const list = parseJson(body);
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown) => (typeof one === "string" && /^[\w.-]{1,40}$/.test(one) ? [one] : []));
}
