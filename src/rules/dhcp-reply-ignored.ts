/** The answer arrives, and the client asks again. */
import { Case } from "./case.ts";
import type { DhcpFact, Facts } from "./facts.ts";
import { isLeaseQuestion, isLeaseReply, type MessageInExchange, messagesByClient } from "./leases.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";

/** Source of a client that has no lease (RFC 2131 section 4.1). */
const UNSPECIFIED = "0.0.0.0";

export const dhcpReplyIgnored: Rule = {
  id: "dhcp-reply-ignored",
  severity: "critical",
  group: "dhcp",
  title: "DHCP answers arrive and the VM does not take them",
  cause:
    "The VM's firewall drops udp/68 inbound, or the client does not accept the offer: another program holds the port, or the address is in use.",
  remedy:
    'Let udp from port 67 to port 68 into the VM. Linux: "iptables -I INPUT -p udp --sport 67 --dport 68 -j ACCEPT". Windows: New-NetFirewallRule -DisplayName "DHCP client" -Direction Inbound -Protocol UDP -LocalPort 68 -RemotePort 67 -Action Allow.',
  detection:
    "An OFFER is followed by another DISCOVER of the same client, or an ACK by another REQUEST of the same transaction, and the exchange does not come to its end. A REQUEST from the leased address is a renewal and does not count, nor does an offer to the agent's own bare DISCOVER, which never takes one up. One exchange of DISCOVER, OFFER, REQUEST, ACK after the other is normal.",
  confirm:
    'Linux: "iptables -S INPUT; nft list ruleset; journalctl -t dhclient -u systemd-networkd". Windows: event log, Microsoft-Windows-Dhcp-Client/Admin.',
  source:
    "RFC 2131 section 3.1; Linux clients differ: dhclient reads a packet socket before iptables, systemd-networkd's renewals do not",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    for (const [clientMac, messages] of messagesByClient(facts)) {
      const found = new Case();
      let reply: MessageInExchange | null = null;
      for (const one of messages) {
        if (isLeaseReply(one.message)) reply = one;
        else if (one.message.fromClient) {
          if (reply !== null && ignores(reply, one)) {
            found.add(null, [facts.packet(reply.message.packet), facts.packet(one.message.packet)]);
          }
          reply = null;
        }
      }
      const settled = messages.at(-1)?.message.type === "ACK" && found.count < 2;
      if (found.count === 0 || settled) continue;
      const finding = found.finding({
        summary: `${clientMac} asked again although its answer had arrived, ${counted(found.count, "time")}.`,
        displayFilter: `dhcp && dhcp.hw.mac_addr == ${clientMac}`,
      });
      if (finding !== null) yield finding;
    }
  },
};

/**
 * True when the question shows that the reply before it did not reach the client. One that comes from the leased address does not: the client
 * has its lease, and renews it; some clients keep the transaction id.
 */
function ignores(reply: MessageInExchange, question: MessageInExchange): boolean {
  if (!isLeaseQuestion(question.message) || isProbe(reply.exchange)) return false;
  if (reply.message.type === "OFFER") return question.message.type === "DISCOVER";
  if (question.message.sourceAddress !== UNSPECIFIED) return false;
  return question.message.type === "REQUEST" && question.exchange.transactionId === reply.exchange.transactionId;
}

/** The agent's own DISCOVER wants to know option 245 alone: it never takes the offer up. */
function isProbe({ messages }: DhcpFact): boolean {
  return messages.some(({ bare }) => bare);
}
