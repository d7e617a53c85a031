/** Large segments are lost while small ones pass, or ICMP says so. */
import { type Case, caseOf } from "./case.ts";
import { isOneWay } from "./claim-limits.ts";
import type { Facts, FlowFact, IcmpErrorFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { isIcmpError, isRetransmission } from "./packet-kinds.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, platformEndpoint } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

type Direction = "toPlatform" | "fromPlatform";

export const pathMtu: Rule = {
  id: "path-mtu",
  severity: "warning",
  group: "connections",
  title: "Large packets do not get through",
  cause:
    "The path carries smaller packets than the VM believes: a VPN, tunnel or jumbo-frame setting on the VM or in the path, and the ICMP that would say so is filtered or ignored.",
  remedy:
    'Set the NIC\'s MTU to 1500 (or to what the path carries) and let ICMP "fragmentation needed" in. Linux: "ip link set dev NIC mtu 1500; sysctl net.ipv4.tcp_mtu_probing=1". Windows: netsh interface ipv4 set subinterface NIC mtu=1500 store=persistent.',
  detection:
    "An ICMP error says that fragmentation is needed, or segments of at least 1200 bytes are sent again while everything smaller is acknowledged. Silent when one direction is missing from nearly all conversations.",
  confirm:
    'Linux: "ip link; tracepath -n 168.63.129.16; ping -M do -s 1472 GATEWAY". Windows: "netsh interface ipv4 show subinterfaces".',
  source: "RFC 1191, RFC 4821, RFC 8201",
  thresholds: ["pathMtuMinimumRetransmissions", "pathMtuLargeBytes", "oneWayPercent", "oneWayMinimumFlows"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const told = new Map<number, IcmpErrorFact>();
    for (const error of facts.icmpErrors) if (error.flow !== null && isTooBig(error)) told.set(error.flow, error);
    const blind = isOneWay(facts, thresholds);
    const cases = new Map<string, Case>();
    const about = new Map<string, { flow: FlowFact; nextHopMtu: number | null; from: string | null }>();
    for (const flow of facts.notableFlows) {
      const error = told.get(flow.id);
      const stuck = blind
        ? []
        : (["toPlatform", "fromPlatform"] as const).filter((direction) => onlyLargeStuck(flow, direction, thresholds));
      if (error === undefined && stuck.length === 0) continue;
      const key = platformEndpoint(flow);
      if (!about.has(key)) about.set(key, { flow, nextHopMtu: error?.nextHopMtu ?? null, from: error?.from ?? null });
      const evidence = packetsThat(
        facts.packetsOf(flow.id),
        (packet) =>
          (error !== undefined && isIcmpError(packet)) ||
          (isRetransmission(packet) &&
            packet.payloadBytes >= thresholds.pathMtuLargeBytes &&
            stuck.includes(packet.toPlatform ? "toPlatform" : "fromPlatform")),
      );
      caseOf(cases, key).add(flow.id, evidence);
    }
    for (const [key, { flow, nextHopMtu, from }] of about) {
      const found = caseOf(cases, key);
      const says = from === null ? "" : ` ${from} says that the path carries ${nextHopMtu ?? "fewer"} bytes.`;
      const finding = found.finding({
        summary: `${counted(found.count, "connection")} to ${key}: large segments are lost while small ones pass.${says}`,
        displayFilter: `(${addressFilter(flow.platformAddress)} && tcp.len >= ${thresholds.pathMtuLargeBytes}) || icmp.type == 3 || icmpv6.type == 2`,
      });
      if (finding !== null) yield finding;
    }
  },
};

/** RFC 792 type 3 code 4; RFC 4443 type 2. */
function isTooBig(error: IcmpErrorFact): boolean {
  return error.version === 4 ? error.type === 3 && error.code === 4 : error.type === 2;
}

function onlyLargeStuck(flow: FlowFact, direction: Direction, thresholds: Thresholds): boolean {
  const tcp = flow.tcp;
  if (tcp === null || tcp.retransmissions[direction] < thresholds.pathMtuMinimumRetransmissions) return false;
  const smallest = tcp.smallestRetransmittedBytes[direction];
  return (
    smallest >= thresholds.pathMtuLargeBytes &&
    tcp.largestAcknowledgedBytes[direction] < smallest &&
    tcp.unacknowledgedBytes[direction] > 0
  );
}
