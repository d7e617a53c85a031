/** Would a proxy that the environment names catch requests for the platform? A proxy is another machine, and the platform does not answer it. */
import { safeString } from "../bytes/text.ts";
import type { ProxySetting } from "../report/check-report.ts";
import type { CheckHost, TestDefinition } from "./check-test.ts";
import { goesPastProxy } from "./no-proxy.ts";

/** Those that a request by plain HTTP follows. curl heeds http_proxy in small letters alone; others take both. */
const HTTP_VARIABLES: readonly string[] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
const OTHER_VARIABLES: readonly string[] = ["https_proxy", "HTTPS_PROXY"];
const EXCEPTION_VARIABLES: readonly string[] = ["no_proxy", "NO_PROXY"];
const VARIABLES: readonly string[] = [...HTTP_VARIABLES, ...OTHER_VARIABLES, ...EXCEPTION_VARIABLES];

/** What every login and many services get. */
const ENVIRONMENT_FILE = "/etc/environment";

export const proxyTest: TestDefinition<"proxy"> = {
  id: "proxy",
  sends: false,
  needs: [],
  after: [],
  nothing: { settings: [], catchingVariable: null },
  run({ address, host }) {
    const settings = settingsOf(host);
    const exceptions = settings.filter((one) => EXCEPTION_VARIABLES.includes(one.variable));
    const catching = settings.find(
      (one) => HTTP_VARIABLES.includes(one.variable) && !isExcepted(one.origin, exceptions, address),
    );
    const details = { settings, catchingVariable: catching?.variable ?? null };
    if (catching !== undefined) {
      const summary = `${catching.variable} (${catching.origin}) sends requests for ${address} to ${catching.value}.`;
      return Promise.resolve({ result: "warning", summary, details });
    }
    const summary =
      settings.length === 0
        ? "The environment names no proxy."
        : `No proxy that the environment names would catch requests for ${address}.`;
    return Promise.resolve({ result: "passed", summary, details });
  },
};

function isExcepted(origin: string, exceptions: readonly ProxySetting[], address: string): boolean {
  return exceptions.some((one) => one.origin === origin && goesPastProxy(one.value, address));
}

function settingsOf({ env, system, readText }: CheckHost): ProxySetting[] {
  const own = VARIABLES.flatMap((variable) => settingOf(variable, env[variable] ?? "", "environment"));
  const file = system === "win32" ? null : readText(ENVIRONMENT_FILE);
  const lines = (file ?? "").split("\n").flatMap((line) => {
    const [, variable = "", value = ""] = /^\s*(?:export\s+)?(\w+)=["']?(.*?)["']?\s*$/.exec(line) ?? [];
    return VARIABLES.includes(variable) ? settingOf(variable, value, ENVIRONMENT_FILE) : [];
  });
  return [...own, ...lines];
}

function settingOf(variable: string, value: string, origin: string): ProxySetting[] {
  if (value === "") return [];
  // Between "//" and the last "@" stand a user's name and password.
  return [{ variable, value: safeString(value.replace(/\/\/[^/]*@/, "//")), origin }];
}
