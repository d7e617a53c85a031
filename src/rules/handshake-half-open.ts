/** SYN-ACK, and no ACK ever, with no further SYN. */
import { anyRow } from "../report/rows.ts";
import { type Case, caseOf } from "./case.ts";
import { isOneWay, remainingMs } from "./claim-limits.ts";
import type { Facts, FlowFact, PacketFact } from "./facts.ts";
import { firstPacket, packetsThat } from "./flow-packets.ts";
import { isReset, isSyn, isSynAck } from "./packet-kinds.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, platformEndpoint } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const handshakeHalfOpen: Rule = {
  id: "handshake-half-open",
  severity: "warning",
  group: "connections",
  title: "Connections stay half open",
  cause:
    "The VM asked, the platform answered, and then the VM said nothing: its ACK left by another way, the program was killed, or the SYN came from a scanner that does not complete connections.",
  remedy:
    'Find out what sent the SYN ("ss -tnp dst 168.63.129.16" on Linux, "Get-NetTCPConnection -RemoteAddress 168.63.129.16" on Windows) and whether its ACK leaves by another NIC.',
  detection:
    "A SYN-ACK was captured, but no ACK, no RST and no further SYN from the VM, although the capture went on. Silent when one direction is missing from nearly all conversations.",
  confirm: 'Linux: "ss -tn state syn-sent; ip route get 168.63.129.16". Windows: "netstat -ano".',
  source: "RFC 9293 section 3.5",
  thresholds: ["handshakePatienceMs", "oneWayPercent", "oneWayMinimumFlows"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return;
    const cases = new Map<string, Case>();
    const about = new Map<string, FlowFact>();
    for (const flow of facts.notableFlows) {
      if (flow.tcp?.outcome !== "half-open" || flow.initiator !== "vm") continue;
      const [answer] = firstPacket(facts.packetsOf(flow.id), isSynAck);
      if (answer === undefined || remainingMs(facts, answer.atNs) < thresholds.handshakePatienceMs) continue;
      const isAnswered = (packet: PacketFact): boolean =>
        packet.toPlatform && (isReset(packet) || (isSyn(packet) && packet.index > answer.index));
      if (anyRow(facts.packetsOf(flow.id), isAnswered)) continue;
      const key = platformEndpoint(flow);
      if (!about.has(key)) about.set(key, flow);
      caseOf(cases, key).add(
        flow.id,
        packetsThat(facts.packetsOf(flow.id), (packet) => isSyn(packet) || isSynAck(packet)),
      );
    }
    for (const [key, flow] of about) {
      const found = caseOf(cases, key);
      const finding = found.finding({
        summary: `${counted(found.count, "connection")} from ${flow.vmAddress} to ${key}: the platform's SYN-ACK was never acknowledged.`,
        displayFilter: `${addressFilter(flow.platformAddress)} && tcp.port == ${flow.platformPort} && tcp.flags.syn == 1`,
      });
      if (finding !== null) yield finding;
    }
  },
};
