/** The answer arrives, and the client asks again. */
import { Case } from "./case.ts";
import type { DhcpMessageFact, Facts } from "./facts.ts";
import { isLeaseQuestion, isLeaseReply, messagesByClient } from "./leases.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";

/** A client that has its lease asks again at half of its time at the earliest, and never within so short a time. */
const AGAIN_MS = 60_000;

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
    "An OFFER is followed by another DISCOVER of the same client, or an ACK within a minute by another REQUEST, and the exchange does not come to its end. One exchange of DISCOVER, OFFER, REQUEST, ACK after the other is normal.",
  confirm:
    'Linux: "iptables -S INPUT; nft list ruleset; journalctl -t dhclient -u systemd-networkd". Windows: event log, Microsoft-Windows-Dhcp-Client/Admin.',
  source:
    "RFC 2131 section 3.1; Linux clients differ: dhclient reads a packet socket before iptables, systemd-networkd's renewals do not",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    for (const [clientMac, messages] of messagesByClient(facts)) {
      const found = new Case();
      let reply: DhcpMessageFact | null = null;
      for (const { message } of messages) {
        if (isLeaseReply(message)) reply = message;
        else if (isLeaseQuestion(message) && reply !== null) {
          if (ignores(reply, message)) found.add(null, [facts.packet(reply.packet), facts.packet(message.packet)]);
          reply = null;
        } else if (message.fromClient) reply = null;
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

/** True when the question shows that the reply before it did not reach the client. */
function ignores(reply: DhcpMessageFact, question: DhcpMessageFact): boolean {
  if (reply.type === "OFFER") return question.type === "DISCOVER";
  return question.type === "REQUEST" && (question.atNs - reply.atNs) / 1e6 < AGAIN_MS;
}
