/** The VM tries a port that the platform does not serve. */
import { type Case, caseOf } from "./case.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { isReset, isSyn } from "./packet-kinds.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, endpoint } from "./texts.ts";

/** What the platform serves over TCP: WireServer, HostGAPlugin, DNS. */
export const SERVED_TCP_PORTS: readonly number[] = [80, 32526, 53];

export const portNotServed: Rule = {
  id: "port-not-served",
  severity: "notice",
  group: "connections",
  title: "A port that the platform does not serve was tried",
  cause:
    "A connectivity test or an old instruction names this port. The platform serves tcp/80, tcp/32526 and tcp+udp/53 alone; silence on others, 443 for one, says nothing about the connection.",
  remedy:
    'Test tcp/80 and tcp/32526 instead: "curl -H Metadata:true http://168.63.129.16/?comp=versions" or "Test-NetConnection 168.63.129.16 -Port 80".',
  detection: "The VM's SYN to a TCP port other than 80, 32526 and 53 got no SYN-ACK.",
  confirm: "Compare with the ports in the platform's documentation.",
  source: "What is IP address 168.63.129.16 (documentation); SupportArticles-docs issue 493 for port 443",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const cases = new Map<string, Case>();
    const about = new Map<string, FlowFact>();
    for (const flow of facts.notableFlows) {
      const port = flow.platformPort;
      if (flow.tcp === null || flow.initiator !== "vm" || port === null || SERVED_TCP_PORTS.includes(port)) continue;
      if (flow.tcp.outcome === "established" || flow.tcp.outcome === "half-open" || flow.tcp.outcome === "mid-stream")
        continue;
      const key = endpoint(flow.platformAddress, port);
      if (!about.has(key)) about.set(key, flow);
      caseOf(cases, key).add(
        flow.id,
        packetsThat(facts.packetsOf(flow.id), (packet) => isSyn(packet) || isReset(packet)),
      );
    }
    for (const [key, flow] of about) {
      const found = caseOf(cases, key);
      const finding = found.finding({
        summary: `${counted(found.count, "connection")} from ${flow.vmAddress} to tcp/${flow.platformPort} of ${flow.platformAddress}, which it does not serve.`,
        displayFilter: `${addressFilter(flow.platformAddress)} && tcp.port == ${flow.platformPort}`,
      });
      if (finding !== null) yield finding;
    }
  },
};
