/** Which way does the kernel send packets for the platform address: by which NIC, from which address? */
import { createSocket } from "node:dgram";
import { ipv4Text, parseIpv4 } from "../bytes/address.ts";
import { type Ipv4Route, parseIpv4Routes } from "../capture/live/routes.ts";
import type { PrimaryNicDetails, RouteDetails } from "../report/check-report.ts";
import type { CheckContext, Outcome, TestDefinition } from "./check-test.ts";
import { ipRouteGet } from "./ip-command.ts";

/** Any port: nothing is sent. */
const SOME_PORT = 53;

export const routeTest: TestDefinition<"route"> = {
  id: "route",
  sends: false,
  needs: ["address"],
  after: ["primary-nic"],
  nothing: { method: null, interface: null, gateway: null, source: null, error: null },
  async run(context, done) {
    return judgeRoute(await findRoute(context), done["primary-nic"]?.details ?? null, context.address);
  },
};

/** Compares the way with the primary NIC. */
export function judgeRoute(
  route: RouteDetails,
  primary: PrimaryNicDetails | null,
  address: string,
): Outcome<RouteDetails> {
  if (route.error !== null) {
    return { result: "failed", summary: `There is no route to ${address}: ${route.error}.`, details: route };
  }
  const way = [
    route.interface === null ? null : `by ${route.interface}`,
    route.source === null ? null : `from ${route.source}`,
    route.gateway === null ? null : `through ${route.gateway}`,
  ];
  const leaves = `Packets leave ${way.filter((part) => part !== null).join(" ")}`;
  if (isOtherNic(route, primary)) {
    return {
      result: "failed",
      summary: `${leaves}, which is not the primary NIC ${primary?.interface}.`,
      details: route,
    };
  }
  if (isOtherAddress(route, primary)) {
    const summary = `${leaves}, which is not the primary address ${primary?.address}.`;
    return { result: "failed", summary, details: route };
  }
  return { result: "passed", summary: `${leaves}.`, details: route };
}

/** It leaves by another NIC than the primary one. */
export function isOtherNic(route: RouteDetails, primary: PrimaryNicDetails | null): boolean {
  const known = primary?.interface ?? null;
  return known !== null && route.interface !== null && route.interface !== known;
}

/** It leaves with another address than the primary NIC's primary one. */
export function isOtherAddress(route: RouteDetails, primary: PrimaryNicDetails | null): boolean {
  const known = primary?.address ?? null;
  return known !== null && route.source !== null && route.source !== known;
}

async function findRoute({ address, host }: CheckContext): Promise<RouteDetails> {
  const nothing = routeTest.nothing;
  if (host.system === "linux") {
    const told = await ipRouteGet(host.run, address);
    if (told !== null && "error" in told) return { ...nothing, method: "ip", error: told.error };
    if (told !== null) return { method: "ip", ...told, error: null };
  }
  const source = await sourceFor(address);
  if (source.error !== null) return { ...nothing, method: "socket", error: source.error };
  const table = host.system === "linux" ? host.readText("/proc/net/route") : null;
  const route = table === null ? null : bestRoute(parseIpv4Routes(table), parseIpv4(address) ?? 0);
  if (route === null) return { ...nothing, method: "socket", source: source.address };
  const gateway = route.gateway === 0 ? null : ipv4Text(route.gateway);
  return { method: "proc", interface: route.interface, gateway, source: source.address, error: null };
}

/** The most specific route, of equal ones that of the lowest metric. Routes by policy are not in this table. */
function bestRoute(routes: readonly Ipv4Route[], address: number): Ipv4Route | null {
  let best: Ipv4Route | null = null;
  for (const route of routes) {
    if ((address & route.mask) >>> 0 !== route.destination) continue;
    const isBetter =
      best === null || route.mask > best.mask || (route.mask === best.mask && route.metric < best.metric);
    if (isBetter) best = route;
  }
  return best;
}

/** The source address that the kernel gives to a datagram socket that is connected. Sends nothing. */
export function sourceFor(address: string): Promise<{ address: string | null; error: string | null }> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const finish = (source: string | null, error: string | null): void => {
      socket.close();
      resolve({ address: source, error });
    };
    socket.once("error", (error) => finish(null, error.message));
    socket.once("connect", () => finish(socket.address().address, null));
    socket.connect(SOME_PORT, address);
  });
}
