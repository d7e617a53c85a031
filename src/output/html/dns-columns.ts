/** The table of DNS transactions. */
import type { DnsTransaction } from "../../report/report.ts";
import { type ColumnContext, column, detail, outcomeColumn, packetsText, type TableShape } from "./table-columns.ts";

export function dnsTable({ instants, sources }: ColumnContext): TableShape<DnsTransaction> {
  return {
    isOdd: (one) => one.outcome !== "answered" || one.rcode !== "NOERROR" || one.retries > 0,
    columns: [
      column("flow", "Flow", "number", (one) => one.flow),
      column("asked", "Asked", "instant", (one) => instants.ns(one.askedAt)),
      column("over", "Over", "text", (one) => one.transport),
      column("type", "Type", "text", (one) => one.type),
      column("name", "Name", "text", (one) => one.name, true),
      outcomeColumn(
        "result",
        "Result",
        (one) => one.rcode ?? one.outcome,
        (one) => one.rcode !== "NOERROR",
      ),
      column("retries", "Retries", "number", (one) => one.retries),
      column("took", "Took", "duration", (one) => one.responseMs),
      column("answer", "Answer", "text", answerText, true),
      detail("id", "Message id", "number", (one) => one.id),
      detail("class", "Class", "text", (one) => one.class),
      detail("truncated", "Truncated", "text", (one) => (one.truncated ? "yes" : null)),
      detail("answers", "Answers", "lines", answerLines),
      detail("frames", "Packets", "text", (one) => packetsText(one.packets, sources)),
    ],
  };
}

/** The end of the chain, which is what the client uses. */
function answerText({ answers }: DnsTransaction): string | null {
  const last = answers.at(-1);
  if (last === undefined) return null;
  return answers.length > 1 ? `${last.data} (${answers.length} records)` : last.data;
}

function answerLines({ answers }: DnsTransaction): string | null {
  if (answers.length === 0) return null;
  return answers.map(({ name, type, ttlSeconds, data }) => `${name} ${ttlSeconds} ${type} ${data}`).join("\n");
}
