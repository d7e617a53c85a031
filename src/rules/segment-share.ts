/** The share of a service's data segments that carry a mark: what packet-loss and packets-reordered have in common. */
import type { ServiceName } from "../report/report.ts";
import { Case } from "./case.ts";
import type { Facts, FlowFact, PacketFact, PerDirection, TcpFact } from "./facts.ts";

/** One service's segments with and without the mark. */
export interface SegmentShare {
  readonly service: ServiceName;
  readonly platformAddress: string;
  readonly marked: number;
  readonly segments: number;
  readonly found: Case;
}

/** Services in which at least `minimum` data segments, and `percent` of all, are marked; the evidence is the marked packets. */
export function* segmentShares(
  facts: Facts,
  marked: (tcp: TcpFact) => PerDirection,
  shows: (packet: PacketFact) => boolean,
  percent: number,
  minimum: number,
): Iterable<SegmentShare> {
  const services = new Map<ServiceName, { flows: FlowFact[]; marked: number; segments: number }>();
  for (const flow of facts.flows) {
    if (flow.tcp === null) continue;
    const service = services.get(flow.service) ?? { flows: [], marked: 0, segments: 0 };
    services.set(flow.service, service);
    const count = sum(marked(flow.tcp));
    service.marked += count;
    service.segments += sum(flow.tcp.dataSegments);
    if (count > 0) service.flows.push(flow);
  }
  for (const [service, { flows, marked: count, segments }] of services) {
    if (count < minimum || count * 100 < segments * percent) continue;
    const found = new Case();
    for (const flow of flows)
      found.add(
        flow.id,
        [...facts.packetsOf(flow.id)].filter((packet) => packet.payloadBytes > 0 && shows(packet)),
      );
    found.count = count;
    yield { service, platformAddress: flows[0]?.platformAddress ?? "", marked: count, segments, found };
  }
}

function sum(counters: PerDirection): number {
  return counters.toPlatform + counters.fromPlatform;
}
