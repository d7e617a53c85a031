/** An established connection's data is retransmitted and never acknowledged. */
import { cameToBe } from "../report/connection-outcomes.ts";
import { type Case, caseOf } from "./case.ts";
import { isOneWay } from "./claim-limits.ts";
import type { Facts, FlowFact, TcpFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, duration, platformEndpoint } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

type Direction = "toPlatform" | "fromPlatform";

export const connectionStalled: Rule = {
  id: "connection-stalled",
  severity: "critical",
  group: "connections",
  title: "A connection stands still: data is sent again and never acknowledged",
  cause:
    "The connection opened and then one direction went dead: a firewall that dropped its state, a NIC or route that changed under it, or a path that loses everything of this connection.",
  remedy:
    "Check for firewall changes or a conntrack flush at that time, for a NIC that was restarted, and whether new connections work; restarting the agent opens a new connection.",
  detection:
    "The same data was sent at least three times over two seconds, and no acknowledgment for it was captured. Silent when one direction is missing from nearly all conversations. Only large segments stuck is path-mtu.",
  confirm:
    'Linux: "ss -ti dst 168.63.129.16" shows backoff and unacked. Windows: "Get-NetTCPConnection -RemoteAddress 168.63.129.16".',
  source: "RFC 6298 section 5; RFC 9293 section 3.8",
  thresholds: ["stalledMinimumRetransmissions", "stalledMinimumMs", "oneWayPercent", "oneWayMinimumFlows"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return;
    const cases = new Map<string, Case>();
    const about = new Map<string, { flow: FlowFact; direction: Direction; bytes: number; longestMs: number }>();
    for (const flow of facts.notableFlows) {
      if (flow.tcp === null || !cameToBe(flow.tcp.outcome)) continue;
      for (const direction of ["toPlatform", "fromPlatform"] as const) {
        const sinceNs = stalledSince(flow, flow.tcp, direction, thresholds);
        if (sinceNs === null) continue;
        const key = `${platformEndpoint(flow)} ${direction}`;
        const seen = about.get(key) ?? { flow, direction, bytes: 0, longestMs: 0 };
        seen.bytes += flow.tcp.unacknowledgedBytes[direction];
        seen.longestMs = Math.max(seen.longestMs, (flow.endedNs - sinceNs) / 1e6);
        about.set(key, seen);
        const stuck = packetsThat(
          facts.packetsOf(flow.id),
          (packet) =>
            packet.toPlatform === (direction === "toPlatform") && packet.payloadBytes > 0 && packet.atNs >= sinceNs,
        );
        caseOf(cases, key).add(flow.id, stuck);
      }
    }
    for (const [key, { flow, direction, bytes, longestMs }] of about) {
      const found = caseOf(cases, key);
      const who = direction === "toPlatform" ? "the VM" : "the platform";
      const finding = found.finding({
        summary: `${counted(found.count, "connection")} of ${flow.vmAddress} to ${platformEndpoint(flow)} stalled: ${who} sent ${bytes} bytes again and again for ${duration(longestMs)} without an acknowledgment.`,
        displayFilter: `${addressFilter(flow.platformAddress)} && tcp.port == ${flow.platformPort ?? 0} && tcp.len > 0`,
      });
      if (finding !== null) yield finding;
    }
  },
};

function stalledSince(flow: FlowFact, tcp: TcpFact, direction: Direction, thresholds: Thresholds): number | null {
  const sinceNs = tcp.unacknowledgedSinceNs[direction];
  if (sinceNs === null || tcp.unacknowledgedBytes[direction] === 0) return null;
  if (tcp.unacknowledgedRetransmissions[direction] < thresholds.stalledMinimumRetransmissions) return null;
  return (flow.endedNs - sinceNs) / 1e6 >= thresholds.stalledMinimumMs ? sinceNs : null;
}
