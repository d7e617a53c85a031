/** DISCOVER or REQUEST, repeated, with no answer. */
import { Case } from "./case.ts";
import { isOneWay } from "./claim-limits.ts";
import type { DhcpFact, DhcpMessageFact, Facts } from "./facts.ts";
import { isLeaseQuestion, ownExchanges } from "./leases.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const dhcpUnanswered: Rule = {
  id: "dhcp-unanswered",
  severity: "critical",
  group: "dhcp",
  title: "DHCP gets no answer",
  cause:
    "The NIC is not what the platform expects (its MAC was changed, spoofing was blocked), its driver or link is broken, or the platform's DHCP does not answer on this NIC. Without a lease the VM has no address, or keeps an old one until it ends.",
  remedy:
    'Check that the VM uses the MAC that the portal shows for the NIC, and that the NIC\'s IP configuration is dynamic in the guest. Then detach and attach the NIC, or redeploy the VM. Linux: "ip link; journalctl -u systemd-networkd -u NetworkManager". Windows: ipconfig /all; ipconfig /renew.',
  detection:
    "At least two DISCOVER or REQUEST messages of a client, no reply to any of them, and the client's waiting time was over before the capture ended. A renewal that fails while a later one succeeds is a warning. Silent about a client that takes up an offer which the capture does not hold: answers reach it.",
  confirm:
    'Linux: "journalctl -t dhclient -u systemd-networkd". Windows: event log, Microsoft-Windows-Dhcp-Client/Admin.',
  source: "RFC 2131 section 4.1; cloud-init sources/azure/errors.py; azure-docs issues 121697, 120330",
  thresholds: ["dhcpMinimumMessages", "dhcpPatienceMs", "oneWayPercent", "oneWayMinimumFlows"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return;
    const clients = new Map<string, { found: Case; last: DhcpFact }>();
    for (const exchange of ownExchanges(facts)) {
      const questions = exchange.messages.filter(isLeaseQuestion);
      if (exchange.outcome !== "unanswered" || exchange.pendingAtEnd || questions.length === 0) continue;
      if (hadAnOffer(questions)) continue;
      const entry = clients.get(exchange.clientMac) ?? { found: new Case(), last: exchange };
      entry.last = exchange;
      clients.set(exchange.clientMac, entry);
      entry.found.add(
        null,
        questions.map((message) => facts.packet(message.packet)),
      );
    }
    const lastLeases = new Map<string, number>();
    for (const { clientMac, outcome, id } of facts.dhcp) if (outcome === "acknowledged") lastLeases.set(clientMac, id);
    for (const [clientMac, { found, last }] of clients) {
      if (found.packets.size < thresholds.dhcpMinimumMessages) continue;
      const later = (lastLeases.get(clientMac) ?? -1) > last.id;
      found.count = found.packets.size;
      const finding = found.finding({
        summary: `${counted(found.packets.size, "message")} of ${clientMac} (${last.kind}) got no answer${later ? "; a later exchange succeeded" : ""}.`,
        severity: later ? "warning" : "critical",
        displayFilter: `dhcp && dhcp.hw.mac_addr == ${clientMac} && dhcp.type == 1`,
      });
      if (finding !== null) yield finding;
    }
  },
};

/** A client that first looks for a server and then names one has its offer: where none was captured, that is the capture's doing (RFC 2131 section 4.3.2). */
function hadAnOffer(questions: readonly DhcpMessageFact[]): boolean {
  return (
    questions.some(({ type }) => type === "DISCOVER") &&
    questions.some(({ type, serverIdentifier }) => type === "REQUEST" && serverIdentifier !== null)
  );
}
