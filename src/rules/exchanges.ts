/** What rules about the agent's requests have in common: whose they are, and the packets that show them. */

import type { ServiceName } from "../report/report.ts";
import { type Case, caseOf } from "./case.ts";
import type { Facts, HttpFact, PacketFact } from "./facts.ts";
import type { Finding } from "./rule.ts";
import { platformFilter } from "./texts.ts";

/** What the platform answers when it is asked too often (WALinuxAgent restutil.py). */
export const THROTTLE_STATUSES: readonly number[] = [429, 503, 403];

/** True for a request or connection of the VM to WireServer or HostGAPlugin. */
export function isAgentTraffic({ service }: { readonly service: ServiceName }): boolean {
  return service === "wireserver" || service === "hostga-plugin";
}

/** First packet of the request and of the response, as far as captured. */
export function packetsOfExchange(facts: Facts, exchange: HttpFact): PacketFact[] {
  return [exchange.requestPacket, exchange.responsePacket]
    .filter((index) => index !== null)
    .map((index) => facts.packet(index));
}

/** "WireServer" or "HostGAPlugin", with its port. */
export function serverName(exchange: HttpFact): string {
  return exchange.service === "wireserver" ? "WireServer (tcp/80)" : "HostGAPlugin (tcp/32526)";
}

/** "goal-state" or the method and target of an unnamed request. */
export function requestName(exchange: HttpFact): string {
  return exchange.operation ?? `${exchange.method ?? "?"} ${exchange.target ?? "?"}`;
}

/** Display filter for the agent's exchanges with one server. */
export function exchangeFilter(facts: Facts, exchange: HttpFact): string {
  const port = exchange.service === "wireserver" ? 80 : 32526;
  return `${platformFilter(facts)} && tcp.port == ${port}`;
}

/** One finding for each group of exchanges that `keyOf` names; null leaves an exchange out. */
export function* findingsByKey(
  facts: Facts,
  exchanges: Iterable<HttpFact>,
  keyOf: (exchange: HttpFact) => string | null,
  textsOf: (group: readonly HttpFact[], found: Case) => { summary: string; cause?: string; remedy?: string } | null,
): Iterable<Finding> {
  const groups = new Map<string, HttpFact[]>();
  const cases = new Map<string, Case>();
  for (const exchange of exchanges) {
    if (!isAgentTraffic(exchange)) continue;
    const key = keyOf(exchange);
    if (key === null) continue;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(exchange);
    caseOf(cases, key).add(exchange.flow, packetsOfExchange(facts, exchange));
  }
  for (const [key, group] of groups) {
    const first = group[0];
    const found = cases.get(key);
    if (first === undefined || found === undefined) continue;
    const texts = textsOf(group, found);
    const finding = texts && found.finding({ ...texts, displayFilter: exchangeFilter(facts, first) });
    if (finding) yield finding;
  }
}
