/** An ICMP error answers the SYN. */
import { isIcmpRejection } from "../decode/icmp.ts";
import { type Case, caseOf } from "./case.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { isIcmpError, isSyn } from "./packet-kinds.ts";
import { allowOutbound } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, destinationFilter, platformEndpoint } from "./texts.ts";

export const handshakeRejected: Rule = {
  id: "handshake-rejected",
  severity: "critical",
  group: "connections",
  title: "A connection is rejected by an ICMP error",
  cause: "A firewall or router that answers with ICMP forbids it: a REJECT rule, or a router without a route.",
  remedy: "Change the rule or route on the sender of the ICMP error: it is what blocks the connection.",
  detection:
    "An ICMP destination-unreachable or similar error quotes the SYN, and no SYN-ACK came. The sender of the ICMP error is what blocks. A rejection by the VM's own output rules shows on loopback alone.",
  confirm:
    'Linux: "iptables -S; nft list ruleset" on the sender of the ICMP error; "ip route get 168.63.129.16" on the VM.',
  source: "RFC 792, RFC 4443; What is IP address 168.63.129.16 (documentation)",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const senders = new Map(
      facts.icmpErrors.flatMap((error) =>
        error.flow !== null && isIcmpRejection(error.version, error.type, error.code)
          ? [[error.flow, error] as const]
          : [],
      ),
    );
    const cases = new Map<string, Case>();
    const about = new Map<string, { flow: FlowFact; from: string; reason: string }>();
    for (const flow of facts.notableFlows) {
      if (flow.tcp?.outcome !== "rejected" || flow.initiator !== "vm") continue;
      const error = senders.get(flow.id);
      const from = error?.from ?? "an unknown sender";
      const key = `${platformEndpoint(flow)} ${from}`;
      about.set(
        key,
        about.get(key) ?? {
          flow,
          from,
          reason: error === undefined ? "" : reasonOf(error.version, error.type, error.code),
        },
      );
      caseOf(cases, key).add(
        flow.id,
        packetsThat(facts.packetsOf(flow.id), (packet) => isSyn(packet) || isIcmpError(packet)),
      );
    }
    for (const [key, { flow, from, reason }] of about) {
      const found = caseOf(cases, key);
      const own = from === flow.vmAddress;
      const port = flow.platformPort ?? 0;
      const finding = found.finding({
        summary: `${counted(found.count, "connection")} to ${platformEndpoint(flow)} rejected by ${from}${own ? " (the VM itself)" : ""}${reason === "" ? "" : `: ${reason}`}.`,
        remedy: own
          ? allowOutbound("tcp", port, flow.platformAddress)
          : `On ${from}: allow tcp/${port} to ${flow.platformAddress}, or route it. ${allowOutbound("tcp", port, flow.platformAddress)}`,
        displayFilter: `(${destinationFilter(flow.platformAddress)} && tcp.dstport == ${port}) || icmp || icmpv6`,
      });
      if (finding !== null) yield finding;
    }
  },
};

/** The words of RFC 792, RFC 1812 and RFC 4443 for the codes that firewalls and routers send. */
function reasonOf(version: 4 | 6, type: number, code: number): string {
  const words =
    version === 4
      ? type === 3
        ? ([
            "network unreachable",
            "host unreachable",
            "protocol unreachable",
            "port unreachable",
            "fragmentation needed",
          ][code] ??
          (
            {
              9: "network administratively prohibited",
              10: "host administratively prohibited",
              13: "communication administratively prohibited",
            } as Record<number, string>
          )[code])
        : type === 11
          ? "time exceeded"
          : undefined
      : type === 1
        ? [
            "no route to destination",
            "administratively prohibited",
            "beyond scope",
            "address unreachable",
            "port unreachable",
          ][code]
        : type === 3
          ? "time exceeded"
          : undefined;
  return words ?? `ICMP type ${type} code ${code}`;
}
