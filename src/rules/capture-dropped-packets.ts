/** The capture lost packets. */
import { count } from "../report/values.ts";
import { Case } from "./case.ts";
import type { Facts } from "./facts.ts";
import { firstPacket } from "./flow-packets.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, trafficFilter } from "./texts.ts";

export const captureDroppedPackets: Rule = {
  id: "capture-dropped-packets",
  severity: "warning",
  group: "capture",
  title: "The capture lost packets",
  cause:
    "The capturing machine or the capture's buffer was too slow, or the file was cut by a filter: packets were there that the capture does not hold.",
  remedy:
    'Capture again with a filter and a larger buffer: "tcpdump -B 16384 -s 0 host 168.63.129.16 -w FILE". Until then read "missing" with care.',
  detection:
    "The file states dropped packets, or a side acknowledged data that the capture does not show, not even a moment later.",
  confirm: 'tcpdump prints "packets dropped by kernel" at its end; "capinfos FILE" shows a pcapng file\'s statistics.',
  source:
    "pcapng specification, interface statistics block; Zeek's capture-loss.zeek for the idea of acknowledged gaps",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const { droppedPackets, lostSegmentPackets } = facts.capture;
    const stated = droppedPackets ?? 0;
    if (stated === 0 && lostSegmentPackets.length === 0) return;
    const found = new Case();
    for (const { flow, packet } of lostSegmentPackets) found.add(flow, [facts.packet(packet)]);
    if (found.packets.size === 0) {
      // The file's own count names no packet: the first of the capture stands for all of them.
      const first = facts.flows.at(0);
      if (first !== undefined) found.add(null, firstPacket(facts.packetsOf(first.id)));
    }
    found.count = Math.max(stated, lostSegmentPackets.length);
    const told = [
      ...(stated > 0 ? [`the capture itself counted ${counted(stated, "dropped packet")}`] : []),
      ...(lostSegmentPackets.length > 0
        ? [
            lostSegmentPackets.length === 1
              ? "1 packet acknowledges data that was never captured"
              : `${count(lostSegmentPackets.length)} packets acknowledge data that was never captured`,
          ]
        : []),
    ].join("; ");
    const finding = found.finding({
      summary: `${told.charAt(0).toUpperCase()}${told.slice(1)}.`,
      displayFilter: trafficFilter(facts),
    });
    if (finding !== null) yield finding;
  },
};
