/** The table of HTTP exchanges. */
import type { HttpExchange } from "../../report/report.ts";
import { type ColumnContext, column, detail, outcomeColumn, packetsText, type TableShape } from "./table-columns.ts";

const BAD_REQUEST = 400;

export function httpTable({ instants, sources }: ColumnContext): TableShape<HttpExchange> {
  return {
    isOdd: hasFailed,
    columns: [
      column("flow", "Flow", "number", (one) => one.flow),
      column("asked", "Asked", "instant", (one) => (one.requestedAt === null ? null : instants.ns(one.requestedAt))),
      column("operation", "Operation", "text", (one) => one.operation),
      column("request", "Request", "text", requestText, true),
      outcomeColumn("status", "Status", (one) => String(one.status ?? "none"), hasFailed),
      column("took", "Took", "duration", (one) => one.responseMs),
      column("sent", "Sent", "size", (one) => one.requestBytes),
      column("answer", "Answer", "size", (one) => one.responseBytes),
      detail("host", "Host", "text", (one) => one.host),
      detail("agent", "User agent", "text", (one) => one.userAgent),
      detail("incarnation", "Incarnation", "text", (one) => one.incarnation),
      detail("health", "Health report", "text", healthText),
      detail("frames", "Packets", "text", (one) => packetsText(one.packets, sources)),
    ],
  };
}

function hasFailed({ status }: HttpExchange): boolean {
  return status === null || status >= BAD_REQUEST;
}

function requestText({ method, target }: HttpExchange): string | null {
  return method === null && target === null ? null : [method, target].filter((part) => part !== null).join(" ");
}

function healthText({ health }: HttpExchange): string | null {
  if (health === null) return null;
  return [health.state, health.substatus, health.description].filter((part) => part !== null).join(": ");
}
