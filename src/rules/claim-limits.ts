/** What the capture cannot support: asked by rules before they claim an absence. */
import type { Facts } from "./facts.ts";
import type { Thresholds } from "./thresholds.ts";

/** True when one direction is missing from nearly all conversations, so that silence proves nothing. */
export function isOneWay(facts: Facts, thresholds: Thresholds): boolean {
  const { oneWayFlows, twoWayFlows } = facts.capture;
  const missing = Math.max(oneWayFlows.toPlatform, oneWayFlows.fromPlatform);
  return (
    missing >= thresholds.oneWayMinimumFlows && missing * 100 >= (missing + twoWayFlows) * thresholds.oneWayPercent
  );
}

/** Milliseconds from an instant to the end of the capture; 0 when the end is unknown, or when a jump of the clock makes the distance mean nothing. */
export function remainingMs(facts: Facts, fromNs: number): number {
  const { endedNs, clockJumps } = facts.capture;
  return endedNs === null || clockJumps.length > 0 ? 0 : (endedNs - fromNs) / 1e6;
}
