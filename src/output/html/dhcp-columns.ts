/** The table of DHCP exchanges. */
import type { DhcpExchange } from "../../report/report.ts";
import { clock, packetName, span } from "../../report/values.ts";
import { type ColumnContext, column, detail, outcomeColumn, type TableShape } from "./table-columns.ts";

/** RFC 2131 section 3.3: this lease never ends. */
const INFINITE_LEASE = 0xffffffff;

export function dhcpTable({ instants, sources }: ColumnContext): TableShape<DhcpExchange> {
  return {
    isOdd: hasFailed,
    columns: [
      column("began", "Began", "instant", (one) => instantOf(one, instants.ns.bind(instants))),
      column("client", "Client", "text", (one) => one.clientMac),
      column("kind", "Kind", "text", (one) => one.kind),
      outcomeColumn("outcome", "Outcome", (one) => one.outcome, hasFailed),
      column("address", "Address", "text", (one) => one.offeredAddress),
      column("server", "Server", "text", (one) => one.serverIdentifier),
      column("option-245", "Option 245", "text", (one) => one.platformAddress),
      column("lease", "Lease", "text", leaseText),
      column("took", "Took", "duration", (one) => one.durationMs),
      column("host", "Host name", "text", (one) => one.hostName, true),
      detail("transaction", "Transaction", "text", (one) => one.transactionId),
      detail("routers", "Routers", "text", (one) => one.routers.join(" ") || null),
      detail("dns", "DNS servers", "text", (one) => one.dnsServers.join(" ") || null),
      detail("messages", "Messages", "lines", (one) => messageLines(one, sources)),
    ],
  };
}

function hasFailed({ outcome }: DhcpExchange): boolean {
  return outcome !== "acknowledged" && outcome !== "released";
}

function instantOf({ messages }: DhcpExchange, ns: (at: string) => number): number | null {
  const [first] = messages;
  return first === undefined ? null : ns(first.at);
}

function leaseText({ leaseSeconds }: DhcpExchange): string | null {
  if (leaseSeconds === null) return null;
  return leaseSeconds === INFINITE_LEASE ? "for ever" : span(leaseSeconds * 1000);
}

function messageLines({ messages }: DhcpExchange, sources: number): string {
  return messages
    .map(({ type, at, from, to, packet }) => `${packetName(packet, sources)} ${clock(at)} ${type} ${from} → ${to}`)
    .join("\n");
}
