/** Many of a service's segments arrived out of order. */

import { PacketMark } from "../flow/packet-mark.ts";
import { count } from "../report/values.ts";
import type { Facts } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { segmentShares } from "./segment-share.ts";
import { addressFilter, counted } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const packetsReordered: Rule = {
  id: "packets-reordered",
  severity: "notice",
  group: "connections",
  title: "Packets arrive out of order",
  cause:
    "Packets of one connection take different ways: several queues or CPUs, a bond, or an appliance; or the capture itself was put together in the wrong order.",
  remedy:
    "As long as answers are quick, nothing. Otherwise look at receive queues and bonding on the VM, and whether an appliance stands in the path.",
  detection:
    "At least ten segments of a service, and 3 % of its data segments, arrived after a later one and were not retransmissions.",
  confirm: 'Linux: "nstat -az TcpExtTCPOFOQueue TcpExtTCPSACKReorder".',
  source: "RFC 4737",
  thresholds: ["reorderingPercent", "reorderingMinimumSegments"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const isOutOfOrder = (packet: { marks: number }) => (packet.marks & PacketMark.outOfOrder) !== 0;
    const shares = segmentShares(
      facts,
      (tcp) => tcp.outOfOrder,
      isOutOfOrder,
      thresholds.reorderingPercent,
      thresholds.reorderingMinimumSegments,
    );
    for (const { service, platformAddress, marked, segments, found } of shares) {
      const finding = found.finding({
        summary: `${service}: ${count(marked)} of ${counted(segments, "data segment")} were out of order, on ${counted(found.flows.size, "connection")}.`,
        displayFilter: `${addressFilter(platformAddress)} && tcp.len > 0`,
      });
      if (finding !== null) yield finding;
    }
  },
};
