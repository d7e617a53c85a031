/** RST within an established connection before the exchange ended. */
import { anyRow } from "../report/rows.ts";
import { type Case, caseOf } from "./case.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { isReset } from "./packet-kinds.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, platformEndpoint } from "./texts.ts";

export const connectionReset: Rule = {
  id: "connection-reset",
  severity: "warning",
  group: "connections",
  title: "A connection was reset in the middle",
  cause:
    "One side gave up before the exchange ended. From the platform: the host service restarted, or a security product in the path forged the RST. From the VM: the program was killed or gave up waiting.",
  remedy:
    "Once, and followed by success, it is harmless: the agent tries again. When it repeats, look for intrusion prevention or a proxy in the path (compare the RST's TTL with the other packets), and for crashes of the agent in /var/log/waagent.log or C:\\WindowsAzure\\Logs.",
  detection:
    "A RST in an established connection that carried data, before any FIN and before the last answer was complete. A RST after the answer or after a FIN is a quick close and is left out, and so is a connection test that carried no data.",
  confirm: 'Linux: "grep -i reset /var/log/waagent.log". Windows: C:\\WindowsAzure\\Logs\\WaAppAgent.log.',
  source: "RFC 9293 section 3.5.2; WALinuxAgent end-to-end tests (agent_log.py) for what is harmless",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    if (!anyRow(facts.notableFlows, endedByReset)) return;
    const finished = new Map<number, boolean>();
    for (const exchange of facts.http) finished.set(exchange.flow, exchange.completed || exchange.cutByCapture);
    for (const query of facts.dns) {
      if (query.transport === "tcp") finished.set(query.flow, query.outcome !== "unanswered");
    }
    const cases = new Map<string, Case>();
    const about = new Map<string, { flow: FlowFact; by: string }>();
    for (const flow of facts.notableFlows) {
      if (!endedByReset(flow) || finished.get(flow.id) === true) continue;
      const by = flow.tcp?.ending === "reset-by-vm" ? "the VM" : "the platform's side";
      const key = `${platformEndpoint(flow)} ${by}`;
      if (!about.has(key)) about.set(key, { flow, by });
      caseOf(cases, key).add(flow.id, packetsThat(facts.packetsOf(flow.id), isReset));
    }
    for (const [key, { flow, by }] of about) {
      const found = caseOf(cases, key);
      const finding = found.finding({
        summary: `${counted(found.count, "connection")} of ${flow.vmAddress} to ${platformEndpoint(flow)} reset by ${by} before the answer was complete.`,
        displayFilter: `${addressFilter(flow.platformAddress)} && tcp.port == ${flow.platformPort} && tcp.flags.reset == 1`,
      });
      if (finding !== null) yield finding;
    }
  },
};

/** Reset with data exchanged and before any FIN. A probe's reset has a rule of its own. */
function endedByReset({ tcp, service, payloadBytes }: FlowFact): boolean {
  if (tcp === null || service === "health-probe" || tcp.firstFin !== null) return false;
  if (tcp.ending !== "reset-by-vm" && tcp.ending !== "reset-by-platform") return false;
  return payloadBytes.toPlatform + payloadBytes.fromPlatform > 0;
}
