/** Whether a `no_proxy` variable lets requests for an IPv4 address go past the proxy, as curl, Go and Python read it. */
import { parseIpv4 } from "../bytes/address.ts";

/** True when an entry covers the address: "*", the address itself with or without port 80, or a network in CIDR form. */
export function goesPastProxy(noProxy: string, address: string): boolean {
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => covers(entry, address));
}

function covers(entry: string, address: string): boolean {
  if (entry === "*") return true;
  const [network = "", prefix] = entry.split("/");
  if (prefix !== undefined) return isWithin(address, network, prefix);
  return entry.replace(/:80$/, "") === address;
}

function isWithin(address: string, network: string, prefix: string): boolean {
  const bits = /^\d{1,2}$/.test(prefix) ? Number(prefix) : 33;
  const [inside, base] = [parseIpv4(address), parseIpv4(network)];
  if (bits > 32 || inside === null || base === null) return false;
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return (inside & mask) >>> 0 === (base & mask) >>> 0;
}
