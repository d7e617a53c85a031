/** Wording that rules share: endpoints, counts, durations and display filters. */
import { count } from "../report/values.ts";
import type { Facts, FlowFact } from "./facts.ts";

/** "1 query", "3 queries". */
export function counted(amount: number, one: string, many: string = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}

/** What a summary lists before it says "and so many more". */
const TOLD = 5;

/** "a, b and 3 more", each once. */
export function listed(words: Iterable<string | number | null>): string {
  const once = [...new Set(words)];
  const told = once.slice(0, TOLD).join(", ");
  return once.length > TOLD ? `${told} and ${once.length - TOLD} more` : told;
}

/** "tcp/32526 of 168.63.129.16": the platform's side of a flow. */
export function platformEndpoint(flow: FlowFact): string {
  return flow.platformPort === null
    ? flow.platformAddress
    : `${flow.protocol}/${flow.platformPort} of ${flow.platformAddress}`;
}

/** "10.0.0.4:80" or "[fe80::1]:80". */
export function endpoint(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** "250 ms", "1.5 s", "2 min", "3 days". */
export function duration(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 172_800_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/** Display filter for an address in either direction. */
export function addressFilter(address: string): string {
  return `${address.includes(":") ? "ipv6" : "ip"}.addr == ${address}`;
}

/** Display filter for what comes from an address. */
export function sourceFilter(address: string): string {
  return `${address.includes(":") ? "ipv6" : "ip"}.src == ${address}`;
}

/** Display filter for what goes to an address. */
export function destinationFilter(address: string): string {
  return `${address.includes(":") ? "ipv6" : "ip"}.dst == ${address}`;
}

/** Display filter for all that the analysis uses: the platform's addresses of both versions, ICMP errors that quote them, and DHCP. */
export function trafficFilter(facts: Facts): string {
  return [...facts.platform.addresses.map(addressFilter), "dhcp"].join(" || ");
}

/** Display filter for the platform's addresses. Probes over IPv6 have filters of their own, so its link-local address is left out. */
export function platformFilter(facts: Facts): string {
  const addresses = facts.platform.addresses.filter((address) => !address.startsWith("fe80:"));
  const filter = addresses.map(addressFilter).join(" || ");
  return addresses.length > 1 ? `(${filter})` : filter;
}
