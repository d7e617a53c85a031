/** What happened over the last minutes, in buckets of time, for sparklines. */
import type { FlowTracker } from "../flow/tracker.ts";
import { gatherActivity } from "../service/activity.ts";
import type { Attempts } from "../service/attempts.ts";
import { heartbeatOf } from "../service/heartbeat.ts";
import type { Services } from "../service/services.ts";
import type { ServiceName } from "./report.ts";
import type { Activity, Overview } from "./view-source.ts";

/** Buckets at most, and their widths in milliseconds: the first with which the whole capture fits, else the last, for the end of it. */
const BUCKETS = 60;
const BUCKET_WIDTHS_MS: readonly number[] = [50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** Of one analysis, whose report was made before, so that its time is known. */
export function buildActivity(
  tracker: FlowTracker,
  services: Services,
): Pick<Overview, "activity" | "platformPackets"> {
  const { startedNs, endedNs } = services.time;
  if (startedNs === null || endedNs === null) return { activity: {}, platformPackets: { bucketMs: 1000, packets: [] } };
  const spanMs = (endedNs - startedNs) / 1e6;
  const bucketMs = BUCKET_WIDTHS_MS.find((ms) => ms * BUCKETS > spanMs) ?? BUCKET_WIDTHS_MS.at(-1) ?? 1000;
  const buckets = Math.min(BUCKETS, Math.floor(spanMs / bucketMs) + 1);
  // The last bucket ends just behind the end of the capture.
  const fromNs = endedNs - buckets * bucketMs * 1e6;
  const bucketOf = (atNs: number): number => Math.min(buckets - 1, Math.floor((atNs - fromNs) / (bucketMs * 1e6)));
  const activity: Partial<Record<ServiceName, Activity>> = {};
  for (const [service, { attempts }] of gatherActivity(services, tracker)) {
    if (attempts.count > 0) activity[service] = { bucketMs, ...bucketed(attempts, buckets, bucketOf) };
  }
  const beats = heartbeatOf(services)?.attempts;
  if (beats !== undefined) activity.heartbeat = { bucketMs, ...bucketed(beats, buckets, bucketOf) };
  return { activity, platformPackets: { bucketMs, packets: packetsIn(tracker, fromNs, buckets, bucketOf) } };
}

function bucketed(
  attempts: Attempts,
  buckets: number,
  bucketOf: (atNs: number) => number,
): Pick<Activity, "succeeded" | "failed"> {
  const succeeded = new Array<number>(buckets).fill(0);
  const failed = new Array<number>(buckets).fill(0);
  attempts.forLast((atNs, success) => {
    const bucket = bucketOf(atNs);
    if (bucket < 0) return false;
    const counts = success ? succeeded : failed;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    return true;
  });
  return { succeeded, failed };
}

/** Platform packets that are held, in order of arrival, which but for jumps of the clock is that of time. */
function packetsIn(
  { packets }: FlowTracker,
  fromNs: number,
  buckets: number,
  bucketOf: (atNs: number) => number,
): number[] {
  const counts = new Array<number>(buckets).fill(0);
  for (let index = packets.count - 1; index >= packets.first; index--) {
    const atNs = packets.atNs(index);
    if (atNs < fromNs) break;
    const bucket = bucketOf(atNs);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}
