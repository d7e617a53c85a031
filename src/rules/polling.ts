/** The agent's polling: goal state or vmSettings, asked for again and again. A capture may hold the agents of several VMs. */
import { isAgentTraffic } from "./exchanges.ts";
import type { Facts, FlowFact, HttpFact } from "./facts.ts";
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

/** One VM's requests for one operation: when each was made, the last, and the first long pauses between them. */
export interface Polls {
  readonly vmAddress: string;
  /** Null when the link layer shows none. */
  readonly vmMac: string | null;
  readonly timesNs: number[];
  last: HttpFact;
  readonly pauses: Pause[];
}

/** Two rules ask for them, and gathering them walks all requests. */
const GATHERED: WeakMap<Facts, readonly Polls[]> = new WeakMap();

/**
 * For each VM address the polls of the operation that was asked for most there, with pauses of `agentSilentMs` and more; the VM that polled
 * most comes first. The goal state on tcp/80 is the heart of the loop; vmSettings tells as much where only that was captured. What a container
 * asks is no agent's.
 */
export function agentPolls(facts: Facts, { agentSilentMs }: Thresholds): readonly Polls[] {
  const known = GATHERED.get(facts);
  if (known !== undefined) return known;
  const polls = gathered(facts, agentSilentMs * 1e6);
  GATHERED.set(facts, polls);
  return polls;
}

/** Whether a flow may be of the VM that polls so: by address or MAC, or because nothing tells VMs apart. */
export function isSameVm({ vmAddress, vmMac }: Polls, flow: FlowFact): boolean {
  return vmMac === null || flow.vmMac === null || flow.vmMac === vmMac || flow.vmAddress === vmAddress;
}

function gathered(facts: Facts, pauseNs: number): Polls[] {
  const originals = new Set(facts.translatedFlows.map((pair) => pair.original));
  const goalStates = new Map<string, Polls>();
  const vmSettings = new Map<string, Polls>();
  let flow: FlowFact | undefined;
  for (const exchange of facts.http) {
    const { operation, requestedNs } = exchange;
    if ((operation !== "goal-state" && operation !== "vm-settings") || !isAgentTraffic(exchange)) continue;
    if (flow?.id !== exchange.flow) flow = facts.flows.at(exchange.flow);
    if (flow === undefined || (originals.size > 0 && originals.has(flow.id)) || isInner(facts, flow)) continue;
    const { vmAddress } = flow;
    const ofVm = operation === "goal-state" ? goalStates : vmSettings;
    let known = ofVm.get(vmAddress);
    if (known === undefined) {
      known = { vmAddress, vmMac: flow.vmMac, timesNs: [], last: exchange, pauses: [] };
      ofVm.set(vmAddress, known);
    }
    if (requestedNs !== null) {
      const distanceNs = requestedNs - (known.last.requestedNs ?? requestedNs);
      if (distanceNs >= pauseNs && known.pauses.length < MAX_PAUSES)
        known.pauses.push({ before: known.last, after: exchange });
      known.timesNs.push(requestedNs);
    }
    known.last = exchange;
  }
  const most = new Map<string, Polls>();
  for (const one of [...goalStates.values(), ...vmSettings.values()].sort(
    (a, b) => b.timesNs.length - a.timesNs.length,
  ))
    if (!most.has(one.vmAddress)) most.set(one.vmAddress, one);
  return [...most.values()];
}

/** It comes in by a bridge or veth of the VM. */
function isInner({ platform }: Facts, { nicTo }: FlowFact): boolean {
  return nicTo !== null && platform.nics[nicTo]?.inner === true;
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
