/** What rules about DHCP have in common: messages with the exchange that they belong to. */
import type { DhcpFact, DhcpMessageFact, Facts } from "./facts.ts";

/** A message with its exchange. */
export interface MessageInExchange {
  readonly exchange: DhcpFact;
  readonly message: DhcpMessageFact;
}

/**
 * The exchanges of the VM's own NICs. What a bridge or veth carries is between the VM and its containers or nested machines, which have a
 * DHCP server of their own.
 */
export function ownExchanges(facts: Facts): DhcpFact[] {
  const isInner = ({ packet }: DhcpMessageFact): boolean => {
    const { nic } = facts.packet(packet);
    return nic !== null && facts.platform.nics[nic]?.inner === true;
  };
  return [...facts.dhcp].filter(({ messages }) => messages.length === 0 || !messages.every(isInner));
}

/** All DHCP messages of each client, in order of time. */
export function messagesByClient(facts: Facts): Map<string, MessageInExchange[]> {
  const clients = new Map<string, MessageInExchange[]>();
  for (const exchange of ownExchanges(facts)) {
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
