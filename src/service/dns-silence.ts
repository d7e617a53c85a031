/**
 * Whether DNS queries without answers were not answered, or their answers are not in the capture: a filter that keeps queries alone, such as
 * "dst host", looks the same as a dead resolver, for a query proves nothing as the segments of a connection do.
 */
import type { DnsTransactions } from "./dns.ts";
import { DnsField, DnsFlag } from "./dns-fields.ts";
import { isWaiting } from "./dns-rows.ts";
import { TransactionField } from "./transaction-table.ts";

/** Stub resolvers ask again with the same identifier when no answer came, and only then. This share of the questions must be such. */
const REPEATED_PERCENT = 50;

/** `isHeard`: something else from the platform is in the capture, so that the answers would be too. */
export function dnsSilenceTells(transactions: DnsTransactions, endedNs: number | null, isHeard: boolean): boolean {
  if (isHeard) return true;
  const { table } = transactions;
  let unanswered = 0;
  let repeated = 0;
  for (let index = 0; index < table.length; index++) {
    const id = table.idAt(index);
    if (table.int(id, TransactionField.flow) < 0) continue;
    const flags = table.int(id, DnsField.classAndFlags);
    if ((flags & (DnsFlag.answered | DnsFlag.unsolicited)) !== 0) return true;
    if (endedNs !== null && isWaiting(transactions, id, endedNs)) continue;
    unanswered++;
    if ((flags & DnsFlag.repeated) !== 0) repeated++;
  }
  return repeated > 0 && repeated * 100 >= unanswered * REPEATED_PERCENT;
}
