/** The agent's signs of life: its regular requests to WireServer and HostGAPlugin, and the health reports that it posts. */
import { SIGNS_OF_LIFE, type SignOfLife } from "../report/signs-of-life.ts";
import { REQUEST_WAIT_NS } from "./activity.ts";
import { Attempts } from "./attempts.ts";
import { medianOf } from "./order-statistics.ts";
import type { CadenceRecord, HeartbeatRecord, HttpRecord } from "./records.ts";
import type { Services } from "./services.ts";

/** Requests of one activity. A container's request is seen twice where its address is translated: intervals are those of one VM address. */
interface Beats {
  requests: number;
  succeeded: number;
  readonly startsNs: Map<string, number[]>;
}

/** The signs of life, with how they went; null when there are none. */
export function heartbeatOf(services: Services): (HeartbeatRecord & { readonly attempts: Attempts }) | null {
  const beats = new Map<SignOfLife, Beats>();
  const attempts = new Attempts();
  const flows = new Set<number>();
  const endedNs = services.time.endedNs ?? Number.POSITIVE_INFINITY;
  let lastReport: HeartbeatRecord["lastReport"] = null;
  const { table, operations } = services.httpExchanges;
  const isBeat = operations.map(({ name }) => [...SIGNS_OF_LIFE.keys()].some((key) => key.endsWith(` ${name}`)));
  for (let index = 0; index < table.length; index++) {
    const id = table.idAt(index);
    if (isBeat[services.httpExchanges.operationIndexOf(id)] !== true) continue;
    const record = services.http.row(id);
    const activity = SIGNS_OF_LIFE.get(`${record.service} ${record.operation}`);
    if (activity === undefined || record.requestedNs === null) continue;
    flows.add(record.flow);
    const vmAddress = services.flows.vmAddressText(record.flow);
    note(beats, attempts, activity, vmAddress, record, record.requestedNs, endedNs);
    if (record.health !== null) lastReport = { ...record.health, atNs: record.requestedNs };
  }
  if (beats.size === 0) return null;
  return {
    cadences: [...beats].map(([activity, one]) => cadence(activity, one)),
    lastReport,
    flows: flows.size,
    succeeded: attempts.succeeded,
    failed: attempts.failed,
    responseMs: attempts.responseMs,
    attempts,
  };
}

function note(
  beats: Map<SignOfLife, Beats>,
  attempts: Attempts,
  activity: SignOfLife,
  vmAddress: string,
  record: HttpRecord,
  requestedNs: number,
  endedNs: number,
): void {
  let one = beats.get(activity);
  if (one === undefined) {
    one = { requests: 0, succeeded: 0, startsNs: new Map() };
    beats.set(activity, one);
  }
  one.requests++;
  const startsNs = one.startsNs.get(vmAddress);
  if (startsNs === undefined) one.startsNs.set(vmAddress, [requestedNs]);
  else startsNs.push(requestedNs);
  const success = record.status !== null && record.status < 400;
  if (success) one.succeeded++;
  if (success || record.status !== null || (!record.cutByCapture && endedNs - requestedNs >= REQUEST_WAIT_NS)) {
    attempts.add(requestedNs, success, record.responseMs);
  }
}

function cadence(activity: SignOfLife, { requests, succeeded, startsNs }: Beats): CadenceRecord {
  const longest = [...startsNs.values()].reduce((most, some) => (some.length > most.length ? some : most), []);
  const sorted = [...longest].sort((a, b) => a - b);
  const intervalNs = medianOf(sorted.slice(1).map((start, index) => start - (sorted[index] ?? start)));
  return {
    activity,
    requests,
    succeeded,
    intervalMs: intervalNs === null ? null : intervalNs / 1e6,
    firstNs: sorted[0] ?? 0,
    lastNs: sorted.at(-1) ?? 0,
  };
}
