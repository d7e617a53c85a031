/** Many of a service's data segments had to be sent again. */
import { count } from "../report/values.ts";
import type { Facts } from "./facts.ts";
import { isRetransmission } from "./packet-kinds.ts";
import type { Finding, Rule } from "./rule.ts";
import { segmentShares } from "./segment-share.ts";
import { addressFilter, counted } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const packetLoss: Rule = {
  id: "packet-loss",
  severity: "warning",
  group: "connections",
  title: "Packets are lost on the way",
  cause:
    "Packets are dropped on the VM (full queues, an overloaded CPU, a full conntrack table), or between the VM and its host.",
  remedy:
    "Look for drops on the VM. Linux: \"ip -s link; nstat -az | grep -i -E 'drop|retrans'; dmesg | grep -i conntrack\". Windows: Get-NetAdapterStatistics. Without drops there, open a platform ticket with this capture.",
  detection:
    "At least ten data segments of a service, and 3 % of all, were sent again. Retransmitted SYNs do not count, nor packets that the capture shows twice because it was taken on two interfaces, nor the segments of a connection that stands still altogether.",
  confirm: 'Linux: "nstat -az TcpRetransSegs". Windows: "netstat -s -p tcp".',
  source: "RFC 9293 section 3.8.1",
  thresholds: ["lossPercent", "lossMinimumSegments"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const shares = segmentShares(
      facts,
      (tcp) => tcp.retransmissions,
      isRetransmission,
      thresholds.lossPercent,
      thresholds.lossMinimumSegments,
    );
    for (const { service, platformAddress, marked, segments, found } of shares) {
      const finding = found.finding({
        summary: `${service}: ${count(marked)} of ${counted(segments, "data segment")} were sent again (${Math.round((marked * 100) / segments)} %), on ${counted(found.flows.size, "connection")}.`,
        displayFilter: `${addressFilter(platformAddress)} && tcp.len > 0`,
      });
      if (finding !== null) yield finding;
    }
  },
};
