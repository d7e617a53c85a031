/** What `ip` of iproute2 says in JSON, as far as the tests ask it. Fields that it leaves out, and texts of another shape, are null. */
import { parseJson, type RunCommand } from "./command.ts";

/** Asking the kernel is quick; a machine that is busy may take this long, in milliseconds. */
export const LOOK_MS = 3000;

/** A route as `ip route get` answers. */
export interface RouteAnswer {
  interface: string | null;
  gateway: string | null;
  source: string | null;
}

/** Asks which way the kernel sends; `error` when it has none. Null when `ip` is not there or does not know JSON. */
export async function ipRouteGet(
  run: RunCommand,
  address: string,
  from: string | null = null,
): Promise<RouteAnswer | { error: string } | null> {
  const words = ["-j", "route", "get", address, ...(from === null ? [] : ["from", from])];
  const { missing, status, stdout, stderr } = await run("ip", words, LOOK_MS);
  if (missing || status === null) return null;
  const [, refusal] = /RTNETLINK answers: ([^\n]*)/.exec(stderr) ?? [];
  if (status !== 0) return refusal === undefined ? null : { error: refusal };
  const [route] = rowsOf(stdout);
  if (route === undefined) return null;
  return { interface: textOf(route, "dev"), gateway: textOf(route, "gateway"), source: textOf(route, "prefsrc") };
}

/** The router of the default route by this NIC, of the lowest metric; null without one. */
export async function defaultGateway(run: RunCommand, nic: string): Promise<string | null> {
  const { stdout } = await run("ip", ["-j", "-4", "route", "show", "default", "dev", nic], LOOK_MS);
  const routes = rowsOf(stdout).map((row) => ({
    gateway: textOf(row, "gateway"),
    metric: Number(row.get("metric") ?? 0),
  }));
  routes.sort((a, b) => a.metric - b.metric);
  return routes[0]?.gateway ?? null;
}

/** Whether this neighbour's hardware address is known; null when the kernel does not tell. */
export async function isNeighbourKnown(run: RunCommand, neighbour: string, nic: string): Promise<boolean | null> {
  const { stdout } = await run("ip", ["-j", "-4", "neigh", "show", "dev", nic], LOOK_MS);
  const entry = rowsOf(stdout).find((row) => row.get("dst") === neighbour);
  const state = entry?.get("state");
  if (!Array.isArray(state)) return null;
  return !state.includes("FAILED") && !state.includes("INCOMPLETE");
}

function rowsOf(text: string): ReadonlyMap<string, unknown>[] {
  const value = parseJson(text);
  if (!Array.isArray(value)) return [];
  return value.flatMap((row: unknown) =>
    typeof row === "object" && row !== null ? [new Map<string, unknown>(Object.entries(row))] : [],
  );
}

function textOf(row: ReadonlyMap<string, unknown>, name: string): string | null {
  const value = row.get(name);
  return typeof value === "string" ? value : null;
}
