/** Which packets an extract holds. */

import type { Anomaly, Flow } from "../report/report.ts";
import type { ReportView } from "../report/report-view.ts";
import { packetKey } from "../report/values.ts";
import type { ExtractPacket, ExtractSource } from "./extract-source.ts";

/** What the user chose; everything when all lists are empty. Choices add up. */
export interface ExtractChoice {
  readonly flows: readonly number[];
  readonly rules: readonly string[];
  readonly services: readonly string[];
  /** Also packets within so many seconds of a chosen one; null for none. */
  readonly aroundSeconds: number | null;
}

/** Says of packets whether they belong to the choice. */
export class Selection {
  private readonly everything: boolean;
  private readonly flows: Set<number> = new Set();
  private readonly evidence: Set<string> = new Set();

  constructor(choice: ExtractChoice, report: ReportView) {
    this.everything = choice.flows.length + choice.rules.length + choice.services.length === 0;
    for (const flow of choice.flows) this.flows.add(flow);
    for (const anomaly of report.anomalies) if (choice.rules.includes(anomaly.rule)) this.addAnomaly(anomaly);
    if (choice.services.length > 0) for (const flow of report.flows) this.addService(flow, choice.services);
  }

  has(packet: ExtractPacket): boolean {
    if (this.everything || (packet.flow !== null && this.flows.has(packet.flow))) return true;
    return this.evidence.size > 0 && this.evidence.has(packetKey(packet.packet));
  }

  private addAnomaly(anomaly: Anomaly): void {
    for (const flow of anomaly.flows) this.flows.add(flow);
    for (const packet of anomaly.packets) this.evidence.add(packetKey(packet));
  }

  private addService(flow: Flow, services: readonly string[]): void {
    if (services.includes(flow.service)) this.flows.add(flow.id);
  }
}

/** The chosen packets of `source`, and with `aroundSeconds` those near them in time. One after the other: an extract may have millions. */
export function* chosenPackets(
  source: Pick<ExtractSource, "packets">,
  selection: Selection,
  aroundSeconds: number | null,
): Generator<ExtractPacket> {
  if (aroundSeconds === null) {
    for (const packet of source.packets()) if (selection.has(packet)) yield packet;
    return;
  }
  const times: number[] = [];
  for (const packet of source.packets()) if (selection.has(packet)) times.push(secondsOf(packet));
  times.sort((a, b) => a - b);
  for (const packet of source.packets()) if (isNear(times, secondsOf(packet), aroundSeconds)) yield packet;
}

function secondsOf(packet: ExtractPacket): number {
  return packet.seconds + packet.nanoseconds / 1e9;
}

/** True when one of the ascending `times` is at most `distance` from `time`. */
function isNear(times: readonly number[], time: number, distance: number): boolean {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < time - distance) low = middle + 1;
    else high = middle;
  }
  return (times[low] ?? Number.POSITIVE_INFINITY) <= time + distance;
}
