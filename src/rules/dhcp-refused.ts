/** NAK, or the client's DECLINE. */
import { Case } from "./case.ts";
import type { Facts } from "./facts.ts";
import { ownExchanges } from "./leases.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";

export const dhcpRefused: Rule = {
  id: "dhcp-refused",
  severity: "warning",
  group: "dhcp",
  title: "DHCP refuses an address",
  cause:
    "NAK: the client asks for an address that is not this NIC's (a stale lease after a move, or a static one set in the guest). DECLINE: the client found the address in use.",
  remedy:
    'Let the guest use DHCP and forget the old lease. Linux: "dhclient -r NIC; dhclient NIC" or "networkctl renew NIC". Windows: ipconfig /release; ipconfig /renew. For DECLINE find the other holder of the address.',
  detection: "A NAK from a server, or a DECLINE from the client.",
  confirm: "Compare the address in the guest with the NIC's IP configuration in the portal.",
  source: "RFC 2131 sections 3.1 and 4.3.2",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const clients = new Map<string, { found: Case; types: Set<string>; from: string | null }>();
    for (const exchange of ownExchanges(facts)) {
      for (const message of exchange.messages) {
        if (message.type !== "NAK" && message.type !== "DECLINE") continue;
        const entry = clients.get(exchange.clientMac) ?? { found: new Case(), types: new Set<string>(), from: null };
        clients.set(exchange.clientMac, entry);
        entry.types.add(message.type);
        entry.from ??= message.serverIdentifier ?? (message.fromClient ? null : message.sourceAddress);
        entry.found.add(null, [facts.packet(message.packet)]);
      }
    }
    for (const [clientMac, { found, types, from }] of clients) {
      const finding = found.finding({
        summary: `${clientMac}: ${counted(found.count, "message")} ${[...types].join(" and ")}${from === null ? "" : ` (server ${from})`}.`,
        displayFilter: `dhcp && dhcp.hw.mac_addr == ${clientMac} && dhcp.option.dhcp in {4, 6}`,
      });
      if (finding !== null) yield finding;
    }
  },
};
