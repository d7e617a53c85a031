/** Which flows of a live session are old: by the instant of their last packet, but for the latest of each service. */
import { FlowField, type FlowTable } from "../flow/flow-table.ts";
import { ServiceCode } from "./platform.ts";

/** Tells flows that ended before `beforeNs` and are not among the latest `least` of their service. */
export function oldFlows(flows: FlowTable, beforeNs: number, least: number): (flow: number) => boolean {
  const younger = new Array<number>(ServiceCode.icmp + 1).fill(0);
  const older = Array.from(younger, (): number[] => []);
  for (let flow = 0; flow < flows.rows; flow++) {
    if (!flows.holds(flow)) continue;
    const service = flows.int(flow, FlowField.service);
    const endedNs = flows.double(flow, FlowField.endedNs);
    if (endedNs < beforeNs) older[service]?.push(endedNs);
    else younger[service] = (younger[service] ?? 0) + 1;
  }
  const limits = older.map((times, service) => {
    const kept = least - (younger[service] ?? 0);
    return kept <= 0 ? beforeNs : (times.sort((a, b) => a - b).at(-kept) ?? Number.NEGATIVE_INFINITY);
  });
  return (flow) => flows.double(flow, FlowField.endedNs) < (limits[flows.int(flow, FlowField.service)] ?? beforeNs);
}
