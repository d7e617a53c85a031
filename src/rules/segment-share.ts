/** The share of a service's data segments that carry a mark: what packet-loss and packets-reordered have in common. */

import type { ServiceName } from "../report/report.ts";
import { anyRow } from "../report/rows.ts";
import { type Case, caseOf } from "./case.ts";
import type { Facts, PacketFact, PerDirection, TcpFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";

/** One service's segments with and without the mark. */
export interface SegmentShare {
  readonly service: ServiceName;
  readonly platformAddress: string;
  readonly marked: number;
  readonly segments: number;
  readonly found: Case;
}

/**
 * Services in which at least `minimum` data segments, and `percent` of all, are marked; the evidence is the marked packets. `marked` picks
 * the flows that have any; a SYN or FIN sent again counts there and is no data. Flows that another fault explains have none.
 */
export function* segmentShares(
  facts: Facts,
  marked: (tcp: TcpFact) => PerDirection,
  shows: (packet: PacketFact) => boolean,
  percent: number,
  minimum: number,
): Iterable<SegmentShare> {
  const found = new Map<ServiceName, Case>();
  for (const flow of facts.notableFlows) {
    if (flow.tcp === null || sum(marked(flow.tcp)) === 0) continue;
    const isShown = (packet: PacketFact): boolean => packet.payloadBytes > 0 && shows(packet);
    if (!anyRow(facts.packetsOf(flow.id), isShown)) continue;
    caseOf(found, flow.service).add(flow.id, packetsThat(facts.packetsOf(flow.id), isShown));
  }
  if (found.size === 0) return;
  const services = new Map<ServiceName, { platformAddress: string; segments: number }>();
  for (const { service, tcp, platformAddress } of facts.flows) {
    if (tcp === null) continue;
    const segments = sum(tcp.dataSegments);
    const known = services.get(service);
    if (known === undefined) services.set(service, { platformAddress, segments });
    else known.segments += segments;
  }
  for (const [service, { platformAddress, segments }] of services) {
    const own = found.get(service);
    const count = own?.packets.size ?? 0;
    if (own === undefined || count < minimum || count * 100 < segments * percent) continue;
    own.count = count;
    yield { service, platformAddress, marked: count, segments, found: own };
  }
}

function sum(counters: PerDirection): number {
  return counters.toPlatform + counters.fromPlatform;
}
