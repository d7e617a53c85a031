/**
 * The kernel's routing tables as Linux shows them in /proc/net/route and /proc/net/ipv6_route, and the one question asked of them:
 * by which interface does the default route of the lowest metric leave.
 */

/** A line of /proc/net/route. Addresses are 32-bit numbers in network order. */
export interface Ipv4Route {
  interface: string;
  destination: number;
  mask: number;
  gateway: number;
  metric: number;
}

/** RTF_UP of linux/route.h: the route may be used. */
const RTF_UP = 0x1;
/** RTF_REJECT: the route forbids. */
const RTF_REJECT = 0x200;

/** The usable routes of the text of /proc/net/route; lines that are not routes are left out. */
export function parseIpv4Routes(text: string): Ipv4Route[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [name, destination, gateway, flags, , , metric, mask] = fields;
      if (name === undefined || mask === undefined || fields.length < 8) return [];
      const bits = Number.parseInt(flags ?? "", 16);
      if ((bits & RTF_UP) === 0 || (bits & RTF_REJECT) !== 0) return [];
      return [
        {
          interface: name,
          destination: hostOrderHex(destination ?? ""),
          mask: hostOrderHex(mask),
          gateway: hostOrderHex(gateway ?? ""),
          metric: Number.parseInt(metric ?? "0", 10),
        },
      ];
    });
}

/** The default route with the lowest metric; null without one. Of equal ones the first, as the kernel takes it. */
export function defaultRoute(routes: readonly Ipv4Route[]): Ipv4Route | null {
  let best: Ipv4Route | null = null;
  for (const route of routes) {
    if (route.mask !== 0 || route.destination !== 0) continue;
    if (best === null || route.metric < best.metric) best = route;
  }
  return best;
}

/** Eight hexadecimal digits of a 32-bit number in the memory order of a little-endian machine. */
function hostOrderHex(text: string): number {
  const value = Number.parseInt(text, 16) >>> 0;
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}
