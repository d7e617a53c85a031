/** The share of a service's data segments that carry a mark: what packet-loss and packets-reordered have in common. */
import type { ServiceName } from "../report/report.ts";
import { Case } from "./case.ts";
import type { Facts, PacketFact, PerDirection, TcpFact } from "./facts.ts";

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
  const services = new Map<ServiceName, { platformAddress: string; segments: number; found: Case }>();
  for (const flow of facts.flows) {
    if (flow.tcp === null) continue;
    const service = services.get(flow.service);
    if (service !== undefined) service.segments += sum(flow.tcp.dataSegments);
    else {
      const { platformAddress, tcp } = flow;
      services.set(flow.service, { platformAddress, segments: sum(tcp.dataSegments), found: new Case() });
    }
  }
  for (const flow of facts.notableFlows) {
    if (flow.tcp === null || sum(marked(flow.tcp)) === 0) continue;
    const shown = [...facts.packetsOf(flow.id)].filter((packet) => packet.payloadBytes > 0 && shows(packet));
    if (shown.length > 0) services.get(flow.service)?.found.add(flow.id, shown);
  }
  for (const [service, { platformAddress, segments, found }] of services) {
    const count = found.packets.size;
    if (count < minimum || count * 100 < segments * percent) continue;
    found.count = count;
    yield { service, platformAddress, marked: count, segments, found };
  }
}

function sum(counters: PerDirection): number {
  return counters.toPlatform + counters.fromPlatform;
}
