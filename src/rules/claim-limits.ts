/** What the capture cannot support: asked by rules before they claim an absence. */
import type { CaptureFacts, Facts } from "./facts.ts";
import type { Thresholds } from "./thresholds.ts";

/** What directions the conversations show. */
export type ShownDirections = Pick<CaptureFacts, "oneWayFlows" | "twoWayFlows">;

/** True when one direction is missing from nearly all conversations, so that silence proves nothing. */
export function isOneWay({ capture }: { readonly capture: ShownDirections }, thresholds: Thresholds): boolean {
  const { oneWayFlows, twoWayFlows } = capture;
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

/** Milliseconds that the capture really watched: its length without the time that the clock jumped over. Null when it is unknown. */
export function watchedMs({ capture }: Facts): number | null {
  if (capture.durationMs === null) return null;
  const ahead = capture.clockJumps.reduce((sum, { fromNs, toNs }) => sum + Math.max(0, toNs - fromNs), 0);
  return Math.max(0, capture.durationMs - ahead / 1e6);
}

/** True when the clock jumped ahead within `patienceMs` after an instant, so that nobody knows how long the wait for an answer was. */
export function isBeforeJump({ capture }: Facts, atNs: number, patienceMs: number): boolean {
  return capture.clockJumps.some(
    ({ fromNs, toNs }) => toNs > fromNs && fromNs >= atNs && fromNs - atNs < patienceMs * 1e6,
  );
}
