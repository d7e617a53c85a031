/** The handshake succeeds only after a retry, or takes long. */
import { type Case, caseOf } from "./case.ts";
import { isBeforeJump } from "./claim-limits.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { isSyn, isSynAck } from "./packet-kinds.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, duration, platformEndpoint } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const handshakeSlow: Rule = {
  id: "handshake-slow",
  severity: "warning",
  group: "connections",
  title: "Connections open slowly",
  cause:
    "A SYN or its answer was lost, or something in the path or on the host is overloaded. A sound handshake takes about a millisecond.",
  remedy:
    "Look for load on the VM (CPU steal, softirq drops, a full conntrack table: dmesg | grep conntrack) and for security software that inspects connections; if the VM is idle and it goes on, open a platform ticket with this capture.",
  detection:
    "The connection was established, but only after the SYN was sent again, or more than a second after the first SYN, in which the capture's clock did not jump.",
  confirm:
    'Linux: "nstat -az TcpRetransSegs TcpExtTCPSynRetrans; ss -ti dst 168.63.129.16". Windows: "netstat -s -p tcp".',
  source: "RFC 6298 section 2.1 (first timeout of one second); packet traces of Azure VMs for the normal time",
  thresholds: ["handshakeSlowMs"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const cases = new Map<string, Case>();
    const about = new Map<string, { flow: FlowFact; slowestMs: number; retries: number }>();
    for (const flow of facts.notableFlows) {
      const tcp = flow.tcp;
      if (tcp?.outcome !== "established" || flow.initiator !== "vm") continue;
      const handshakeMs = trustedHandshakeMs(facts, flow.startedNs, tcp.handshakeMs);
      const slow = handshakeMs !== null && handshakeMs > thresholds.handshakeSlowMs;
      if (!slow && tcp.synRetransmissions === 0) continue;
      const key = platformEndpoint(flow);
      const seen = about.get(key) ?? { flow, slowestMs: 0, retries: 0 };
      seen.slowestMs = Math.max(seen.slowestMs, handshakeMs ?? 0);
      seen.retries += tcp.synRetransmissions;
      about.set(key, seen);
      caseOf(cases, key).add(
        flow.id,
        packetsThat(facts.packetsOf(flow.id), (packet) => isSyn(packet) || isSynAck(packet)),
      );
    }
    for (const [key, { flow, slowestMs, retries }] of about) {
      const found = caseOf(cases, key);
      const finding = found.finding({
        summary: `${counted(found.count, "connection")} to ${key} opened slowly: ${counted(retries, "SYN")} sent again, the longest handshake took ${duration(slowestMs)}.`,
        displayFilter: `${addressFilter(flow.platformAddress)} && tcp.port == ${flow.platformPort} && tcp.flags.syn == 1`,
      });
      if (finding !== null) yield finding;
    }
  },
};

/** Null also where the capture's clock jumped in between. */
function trustedHandshakeMs(facts: Facts, startedNs: number, handshakeMs: number | null): number | null {
  return handshakeMs !== null && isBeforeJump(facts, startedNs, handshakeMs) ? null : handshakeMs;
}
