/** The agent's polling: goal state or vmSettings, asked for again and again. */
import { isAgentTraffic } from "./exchanges.ts";
import type { Facts, HttpFact } from "./facts.ts";
import type { Thresholds } from "./thresholds.ts";

/** Share of the distances between polls that must lie within half and one and a half times the median, in percent. */
const REGULAR_PERCENT = 75;

/** Pauses that are looked at. */
const MAX_PAUSES = 20;

/** Two polls, one after the other, and far apart. */
export interface Pause {
  readonly before: HttpFact;
  readonly after: HttpFact;
}

/** The requests for one operation: when each was made, the last, and the first long pauses between them. */
export interface Polls {
  readonly timesNs: number[];
  last: HttpFact;
  readonly pauses: Pause[];
}

/** Two rules ask for them, and gathering them walks all requests. */
const GATHERED: WeakMap<Facts, Polls | null> = new WeakMap();

/**
 * The polls of the operation that was asked for most, with pauses of `agentSilentMs` and more; null without any. The goal state on tcp/80 is the
 * heart of the loop; vmSettings tells as much where only that was captured.
 */
export function agentPolls(facts: Facts, { agentSilentMs }: Thresholds): Polls | null {
  const known = GATHERED.get(facts);
  if (known !== undefined) return known;
  const polls = gathered(facts, agentSilentMs * 1e6);
  GATHERED.set(facts, polls);
  return polls;
}

function gathered(facts: Facts, pauseNs: number): Polls | null {
  const polls = new Map<string, Polls>();
  for (const exchange of facts.http) {
    const { operation, requestedNs } = exchange;
    if ((operation !== "goal-state" && operation !== "vm-settings") || !isAgentTraffic(exchange)) continue;
    const known = polls.get(operation) ?? { timesNs: [], last: exchange, pauses: [] };
    polls.set(operation, known);
    if (requestedNs !== null) {
      const distanceNs = requestedNs - (known.last.requestedNs ?? requestedNs);
      if (distanceNs >= pauseNs && known.pauses.length < MAX_PAUSES)
        known.pauses.push({ before: known.last, after: exchange });
      known.timesNs.push(requestedNs);
    }
    known.last = exchange;
  }
  const [most] = [...polls.values()].sort((a, b) => b.timesNs.length - a.timesNs.length);
  return most ?? null;
}

/** Median distance of the requests when they come regularly; else null. */
export function regularPeriodNs(timesNs: readonly number[], thresholds: Thresholds): number | null {
  if (timesNs.length < thresholds.heartbeatMinimumRequests) return null;
  const distances = new Float64Array(timesNs.length - 1);
  for (let at = 0; at < distances.length; at++) distances[at] = (timesNs[at + 1] ?? 0) - (timesNs[at] ?? 0);
  distances.sort();
  const median = distances[distances.length >> 1];
  if (median === undefined || median <= 0) return null;
  const near = distances.filter((distance) => distance >= median * 0.5 && distance <= median * 1.5);
  return near.length * 100 >= distances.length * REGULAR_PERCENT ? median : null;
}
