/** SYN-ACK arrives, and the VM goes on sending SYN. */
import { anyRow } from "../report/rows.ts";
import { type Case, caseOf } from "./case.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { firstPacket, packetsThat } from "./flow-packets.ts";
import { isSyn, isSynAck } from "./packet-kinds.ts";
import { allowAnswers } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, platformEndpoint } from "./texts.ts";

export const synAckIgnored: Rule = {
  id: "syn-ack-ignored",
  severity: "critical",
  group: "connections",
  title: "The platform answers and the VM does not listen",
  cause:
    "The answer reached the NIC and not the program: an inbound rule of the VM's firewall, strict reverse-path filtering, or a security product dropped it behind the place of capture.",
  remedy:
    "Let answers from the platform into the VM: allow established connections inbound, and set rp_filter to 2 (loose).",
  detection:
    "After a SYN-ACK of the platform the VM sends its SYN again, and never the ACK. A SYN-ACK that was answered by RST is something else (a closed program).",
  confirm:
    'Linux: "iptables -S INPUT; nft list ruleset; nstat -az TcpExtIPReversePathFilter". Windows: "netsh wfp capture start" during a try.',
  source: "Reproduced with an INPUT DROP rule in network namespaces; WALinuxAgent issue 879 for the mirror case",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const cases = new Map<string, Case>();
    const about = new Map<string, FlowFact>();
    for (const flow of facts.notableFlows) {
      const tcp = flow.tcp;
      if (tcp === null || flow.initiator !== "vm" || tcp.synAcks === 0 || tcp.outcome === "established") continue;
      const [answer] = firstPacket(facts.packetsOf(flow.id), isSynAck);
      if (answer === undefined) continue;
      if (!anyRow(facts.packetsOf(flow.id), (packet) => isSyn(packet) && packet.index > answer.index)) continue;
      const opening = packetsThat(facts.packetsOf(flow.id), (packet) => isSyn(packet) || isSynAck(packet));
      const key = platformEndpoint(flow);
      if (!about.has(key)) about.set(key, flow);
      caseOf(cases, key).add(flow.id, opening);
    }
    for (const [key, flow] of about) {
      const found = caseOf(cases, key);
      const finding = found.finding({
        summary: `${counted(found.count, "connection")} to ${key}: SYN-ACK arrived at ${flow.vmAddress} and was ignored; the VM sent its SYN again.`,
        remedy: allowAnswers("tcp", flow.platformPort ?? 0, flow.platformAddress),
        displayFilter: `${addressFilter(flow.platformAddress)} && tcp.port == ${flow.platformPort} && tcp.flags.syn == 1`,
      });
      if (finding !== null) yield finding;
    }
  },
};
