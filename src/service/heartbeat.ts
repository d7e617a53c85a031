/** The agent's signs of life: its regular requests to WireServer and HostGAPlugin, and the health reports that it posts. */
import { FlowField, FlowFlag, type FlowTable } from "../flow/flow-table.ts";
import { SIGNS_OF_LIFE, type SignOfLife } from "../report/signs-of-life.ts";
import { BAD_REQUEST, REQUEST_WAIT_NS } from "./activity.ts";
import { Attempts } from "./attempts.ts";
import { GrowingDoubles } from "./growing-doubles.ts";
import { HttpField, HttpFlag, responseMsOf } from "./http-exchanges.ts";
import { medianOf } from "./order-statistics.ts";
import { SERVICE_NAMES } from "./platform.ts";
import type { CadenceRecord, HeartbeatRecord } from "./records.ts";
import type { Services } from "./services.ts";
import { TransactionField, type TransactionTable } from "./transaction-table.ts";

/** `ServiceCode`s are places in it. */
const SERVICE_CODES: readonly string[] = SERVICE_NAMES;

/** What is a sign of life, by service and operation. */
const ACTIVITIES: readonly { service: number; operation: string; activity: SignOfLife }[] = [...SIGNS_OF_LIFE].map(
  ([key, activity]) => {
    const [service = "", operation = ""] = key.split(" ");
    return { service: SERVICE_CODES.indexOf(service), operation, activity };
  },
);

/** Requests of one activity. A container's request is seen twice where its address is translated: intervals are those of one VM address. */
interface Beats {
  readonly service: number;
  readonly activity: SignOfLife;
  requests: number;
  succeeded: number;
  readonly startsNs: Map<string, GrowingDoubles>;
}

/**
 * The signs of life, with how they went; null when there are none. Where the capture holds one direction alone, none has failed for want of
 * an answer. Columns are read, not rows: there may be many.
 */
export function heartbeatOf(services: Services): (HeartbeatRecord & { readonly attempts: Attempts }) | null {
  const { flows, time, httpExchanges } = services;
  const { table, operations, healthReports } = httpExchanges;
  const attempts = new Attempts(table.length);
  const endedNs = time.endedNs ?? Number.POSITIVE_INFINITY;
  /** By operation index: what it may be a sign of, depending on the service. */
  const known = operations.map(({ name }) => ACTIVITIES.filter((one) => one.operation === name).map(newBeats));
  const seen: Beats[] = [];
  const countedFlows = new Uint8Array(flows.rows);
  const addresses = new VmAddresses(flows);
  let flowCount = 0;
  let lastReport: HeartbeatRecord["lastReport"] = null;
  for (let index = 0; index < table.length; index++) {
    const id = table.idAt(index);
    const candidates = known[httpExchanges.operationIndexOf(id)];
    if (candidates === undefined || candidates.length === 0) continue;
    const flow = table.int(id, TransactionField.flow);
    const service = flows.int(flow, FlowField.service);
    const beats = candidates.find((one) => one.service === service);
    const flags = table.int(id, HttpField.flags);
    if (beats === undefined || (flags & HttpFlag.request) === 0) continue;
    if (beats.requests === 0) seen.push(beats);
    if (countedFlows[flow] === 0) {
      countedFlows[flow] = 1;
      // One that had earlier ones was counted when they were let go of.
      if ((flows.int(flow, FlowField.flags) & FlowFlag.hadBeats) === 0) flowCount++;
    }
    const requestedNs = table.double(id, HttpField.requestedNs);
    startsOf(beats, addresses.textOf(flow)).push(requestedNs);
    beats.requests++;
    const hasAnswer = (flags & HttpFlag.response) !== 0;
    const success = isGoodBeat(table, id);
    if (success) beats.succeeded++;
    const isGivenUp = time.silenceTells && (flags & HttpFlag.cut) === 0 && endedNs - requestedNs >= REQUEST_WAIT_NS;
    if (hasAnswer || isGivenUp) attempts.add(requestedNs, success, responseMsOf(table, id));
    const health = healthReports[table.int(id, HttpField.health) - 1];
    if (health !== undefined) lastReport = { ...health, atNs: requestedNs };
  }
  if (seen.length === 0) return null;
  return {
    cadences: seen.map(cadence),
    lastReport,
    flows: flowCount,
    succeeded: attempts.succeeded,
    failed: attempts.failed,
    responseMs: attempts.responseMs,
    attempts,
  };
}

/** Whether the request of a sign of life was answered without an error. */
export function isGoodBeat(table: TransactionTable, id: number): boolean {
  return (table.int(id, HttpField.flags) & HttpFlag.response) !== 0 && table.int(id, HttpField.status) < BAD_REQUEST;
}

/** What a request is a sign of; null when it is none. */
export function signOfLifeOf({ flows, httpExchanges }: Services, id: number): SignOfLife | null {
  const { table, operations } = httpExchanges;
  if ((table.int(id, HttpField.flags) & HttpFlag.request) === 0) return null;
  const operation = operations[httpExchanges.operationIndexOf(id)]?.name;
  const service = flows.int(table.int(id, TransactionField.flow), FlowField.service);
  return ACTIVITIES.find((one) => one.operation === operation && one.service === service)?.activity ?? null;
}

function newBeats({ service, activity }: (typeof ACTIVITIES)[number]): Beats {
  return { service, activity, requests: 0, succeeded: 0, startsNs: new Map() };
}

function startsOf({ startsNs }: Beats, vmAddress: string): GrowingDoubles {
  let starts = startsNs.get(vmAddress);
  if (starts === undefined) {
    starts = new GrowingDoubles();
    startsNs.set(vmAddress, starts);
  }
  return starts;
}

function cadence({ activity, requests, succeeded, startsNs }: Beats): CadenceRecord {
  let longest = new Float64Array(0);
  for (const { length, values } of startsNs.values()) if (length > longest.length) longest = values.slice();
  const sorted = longest.sort();
  const intervalNs = medianOf(sorted.subarray(1).map((start, index) => start - (sorted[index] ?? start)));
  return {
    activity,
    requests,
    succeeded,
    intervalMs: intervalNs === null ? null : intervalNs / 1e6,
    firstNs: sorted[0] ?? 0,
    lastNs: sorted.at(-1) ?? 0,
  };
}

/** VM addresses as text: flows of one address mostly follow one another, so that the last one is remembered. */
class VmAddresses {
  readonly #flows: FlowTable;
  #text = "";
  #flow = -1;

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  textOf(flow: number): string {
    if (this.#flow < 0 || !this.#flows.haveOneVmAddress(this.#flow, flow)) this.#text = this.#flows.vmAddressText(flow);
    this.#flow = flow;
    return this.#text;
  }
}
