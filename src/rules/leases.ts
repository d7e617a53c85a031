/** What rules about DHCP have in common: messages with the exchange that they belong to. */
import type { DhcpFact, DhcpMessageFact, Facts } from "./facts.ts";

/** A message with its exchange. */
export interface MessageInExchange {
  readonly exchange: DhcpFact;
  readonly message: DhcpMessageFact;
}

/** All DHCP messages of each client, in order of time. */
export function messagesByClient(facts: Facts): Map<string, MessageInExchange[]> {
  const clients = new Map<string, MessageInExchange[]>();
  for (const exchange of facts.dhcp) {
    const messages = clients.get(exchange.clientMac) ?? [];
    clients.set(exchange.clientMac, messages);
    messages.push(...exchange.messages.map((message) => ({ exchange, message })));
  }
  for (const messages of clients.values()) messages.sort((a, b) => a.message.packet - b.message.packet);
  return clients;
}

/** An offer of a lease, or its confirmation. */
export function isLeaseReply(message: DhcpMessageFact): boolean {
  return !message.fromClient && (message.type === "OFFER" || message.type === "ACK");
}

/** A question for a lease. */
export function isLeaseQuestion(message: DhcpMessageFact): boolean {
  return message.fromClient && (message.type === "DISCOVER" || message.type === "REQUEST");
}
