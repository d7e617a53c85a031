/** What a flow carried, decoded: DNS questions, DHCP exchanges, HTTP requests. */

import { MAX_SHOWN_MESSAGES } from "../../limits.ts";
import type { DhcpExchange, DnsTransaction, HttpExchange } from "../../report/report.ts";
import { clock, counted, size, span } from "../../report/values.ts";
import type { FlowDetail } from "../../report/view-source.ts";
import { fact } from "../parts/facts.ts";
import { type Line, piece, wrapped } from "../parts/line.ts";

/** RFC 2131 section 3.3: this lease never ends. */
const INFINITE_LEASE = 0xffffffff;
export function contentLines(detail: FlowDetail, columns: number): Line[] {
  return [
    ...detail.dns.slice(0, MAX_SHOWN_MESSAGES).flatMap((question) => [[], ...dnsLines(question, columns)]),
    ...detail.dhcp.slice(0, MAX_SHOWN_MESSAGES).flatMap((exchange) => [[], ...dhcpLines(exchange, columns)]),
    ...detail.http.slice(0, MAX_SHOWN_MESSAGES).flatMap((exchange) => [[], ...httpLines(exchange, columns)]),
  ];
}

function dnsLines(question: DnsTransaction, columns: number): Line[] {
  const { outcome, rcode, retries, truncated } = question;
  const took = question.responseMs === null ? "" : ` after ${span(question.responseMs)}`;
  const result = `${rcode ?? outcome}${took}${retries > 0 ? `, ${counted(retries, "retry", "retries")}` : ""}`;
  return [
    [piece("DNS ", "accent"), piece(`${question.type} ${question.name}`, "strong")],
    ...fact("Asked", `${clock(question.askedAt)}, id ${question.id}, ${question.transport}`, columns),
    ...fact("Result", truncated ? `${result}, truncated` : result, columns, rcode === "NOERROR" ? "good" : "bad"),
    ...question.answers.flatMap((answer) =>
      fact("Answer", `${answer.name} ${answer.type} ${answer.data}, ${answer.ttlSeconds} s`, columns),
    ),
  ];
}

export function dhcpLines(exchange: DhcpExchange, columns: number): Line[] {
  const lease = exchange.leaseSeconds;
  const facts: readonly (readonly [string, string | null])[] = [
    ["Client", exchange.clientMac],
    ["Address", exchange.offeredAddress],
    ["Server", exchange.serverIdentifier],
    ["Option 245", exchange.platformAddress],
    ["Lease", lease === null ? null : lease === INFINITE_LEASE ? "for ever" : span(lease * 1000)],
    ["Routers", exchange.routers.join(" ")],
    ["DNS", exchange.dnsServers.join(" ")],
    ["Host name", exchange.hostName],
    ["Took", exchange.durationMs === null ? null : span(exchange.durationMs)],
  ];
  return [
    [
      piece("DHCP ", "accent"),
      piece(`${exchange.kind}, ${exchange.outcome}  `, "strong"),
      piece(exchange.transactionId, "faint"),
    ],
    ...facts.flatMap(([label, text]) => (text === null || text === "" ? [] : fact(label, text, columns))),
  ];
}

function httpLines(exchange: HttpExchange, columns: number): Line[] {
  const { status, health } = exchange;
  const answer = status === null ? "no answer" : `${status}, ${size(exchange.responseBytes)}`;
  const took = exchange.responseMs === null ? "" : ` after ${span(exchange.responseMs)}`;
  const facts: readonly (readonly [string, string | null])[] = [
    ["Asked", exchange.requestedAt === null ? null : clock(exchange.requestedAt)],
    ["Host", exchange.host],
    ["Agent", exchange.userAgent],
    ["Operation", exchange.operation],
    ["Goal state", exchange.incarnation],
  ];
  return [
    ...wrapped(`${exchange.method ?? "?"} ${exchange.target ?? "?"}`, columns - 5, "strong").map(
      (line, row): Line => [piece(row === 0 ? "HTTP " : "     ", "accent"), ...line],
    ),
    ...facts.flatMap(([label, text]) => (text === null ? [] : fact(label, text, columns))),
    ...fact("Answer", `${answer}${took}`, columns, status !== null && status < 400 ? "good" : "bad"),
    ...(health === null
      ? []
      : fact(
          "Health",
          [health.state, health.substatus, health.description].filter((one) => one !== null).join(": "),
          columns,
        )),
  ];
}
