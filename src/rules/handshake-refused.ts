/** RST answers the SYN. */
import { type Case, caseOf } from "./case.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { isReset, isSyn } from "./packet-kinds.ts";
import { allowOutbound } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, platformEndpoint } from "./texts.ts";

/** The ports that the platform serves on TCP; a refusal by another one is what it should do. */
const SERVED_PORTS: readonly number[] = [80, 32526, 53];

export const handshakeRefused: Rule = {
  id: "handshake-refused",
  severity: "critical",
  group: "connections",
  title: "Connections are refused",
  cause:
    "Something answers the SYN with a reset: a firewall that rejects with RST, a transparent proxy or appliance in the path, or a local redirect to a program that does not listen. The platform itself serves these ports.",
  remedy:
    "Find what sends the reset, by its TTL and MAC, and let tcp/80, tcp/32526 and tcp/53 to 168.63.129.16 pass it. On the VM, look for REJECT rules with tcp-reset and for redirects to a local proxy.",
  detection:
    "A TCP connection that the VM opens to port 80, 32526 or 53 of the platform: a reset answers its SYN. A reset of the VM to a SYN-ACK, and resets of established connections, are not meant.",
  confirm:
    'Linux: "curl -v http://168.63.129.16/?comp=versions" says "Connection refused"; "iptables -S; iptables -t nat -S; nft list ruleset" shows what refuses. Windows: Test-NetConnection 168.63.129.16 -Port 80.',
  source:
    "What is IP address 168.63.129.16 (Azure Virtual Network documentation): outbound ports; RFC 9293 section 3.10.7.3",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const cases = new Map<string, Case>();
    const about = new Map<string, FlowFact>();
    for (const flow of facts.notableFlows) {
      if (flow.initiator !== "vm" || flow.tcp?.outcome !== "refused") continue;
      if (!SERVED_PORTS.includes(flow.platformPort ?? -1)) continue;
      const key = platformEndpoint(flow);
      if (!about.has(key)) about.set(key, flow);
      const shown = packetsThat(facts.packetsOf(flow.id), (packet) => isSyn(packet) || isReset(packet));
      caseOf(cases, key).add(flow.id, shown);
    }
    for (const [key, { platformPort, platformAddress }] of about) {
      const found = caseOf(cases, key);
      const finding = found.finding({
        summary: `${counted(found.count, "connection")} to ${key} refused: a reset answers the SYN.`,
        remedy: `Find what sends the reset (compare its TTL and MAC with healthy answers) and let tcp/${platformPort ?? 0} pass it. ${allowOutbound("tcp", platformPort ?? 0, platformAddress)}`,
        displayFilter: `${addressFilter(platformAddress)} && tcp.port == ${platformPort ?? 0} && ((tcp.flags.syn == 1 && tcp.flags.ack == 0) || tcp.flags.reset == 1)`,
      });
      if (finding !== null) yield finding;
    }
  },
};
