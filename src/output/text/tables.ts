/** The tables of the text report: services, NICs, flows and transactions. */

import { safeString } from "../../bytes/text.ts";
import { wrapTo } from "../../bytes/text-columns.ts";
import { cameToBe } from "../../report/connection-outcomes.ts";
import { isShown, SERVICE_TITLES, verdictWord } from "../../report/headline.ts";
import type {
  DhcpExchange,
  DnsTransaction,
  Flow,
  HttpExchange,
  ManualTest,
  Nic,
  ProbeSeries,
  ServiceSummary,
  ServiceVerdict,
} from "../../report/report.ts";
import type { ReportView } from "../../report/report-view.ts";
import type { Rows } from "../../report/rows.ts";
import {
  count,
  counted,
  endpoint,
  shortClock,
  shown,
  size,
  span,
  UNKNOWN,
  withShortInstants,
} from "../../report/values.ts";
import { type Cell, type Column, tableLines } from "./layout.ts";
import type { Colouring, Paint } from "./paint.ts";

/** Rows of one table at most. */
const SHOWN_ROWS = 20;
/** Rows that are looked through for what is out of the ordinary. */
const SEARCHED_ROWS = 5000;
const INDENT = 2;
const DHCP_INDENT = 14;
/** RFC 2131 section 3.3: this lease never ends. */
const INFINITE_LEASE = 0xffffffff;

/** Service, verdict, numbers, sentence; those that were not seen in one line. */
export function serviceLines(services: readonly ServiceSummary[], paint: Paint): string[] {
  const columns: Column[] = [
    { title: "Service" },
    { title: "Verdict" },
    { title: "Good", align: "right" },
    { title: "Failed", align: "right" },
    { title: "Median", align: "right" },
    { title: "", flexible: true, wraps: true },
  ];
  const rows = services
    .filter(isShown)
    .map((service): Cell[] => [
      { text: SERVICE_TITLES[service.service] },
      { text: verdictWord(service), colouring: verdictColour(service.verdict, paint) },
      number(service.succeeded),
      service.failed > 0 ? { text: count(service.failed), colouring: paint.bad } : number(0),
      { text: span(service.responseMs?.median ?? null) },
      { text: shown(withShortInstants(service.summary)) },
    ]);
  const unseen = services.filter((service) => !isShown(service));
  const names = unseen.map((service) => SERVICE_TITLES[service.service]).join(", ");
  return [
    ...(rows.length === 0 ? [] : tableLines(columns, rows, INDENT, paint.faint)),
    ...(names === "" ? [] : [" ".repeat(INDENT) + paint.faint(`Not seen: ${names}`)]),
  ];
}

/** Colour of a verdict. */
export function verdictColour(verdict: ServiceVerdict, paint: Paint): Colouring {
  switch (verdict) {
    case "failing":
      return paint.bad;
    case "degraded":
      return paint.doubtful;
    case "healthy":
      return paint.good;
    case "not-seen":
      return paint.faint;
    default:
      return verdict satisfies never;
  }
}

export function nicLines(nics: readonly Nic[], paint: Paint): string[] {
  const columns: Column[] = [
    { title: "NIC" },
    { title: "MAC" },
    { title: "Role" },
    { title: "Packets", align: "right" },
    { title: "Addresses", flexible: true },
  ];
  const rows = nics.map((nic): Cell[] => [
    { text: shown(nic.interface) },
    { text: nic.mac },
    { text: nic.primary === null ? "unknown" : nic.primary ? "primary" : "secondary" },
    number(nic.platformPackets),
    { text: nic.addresses.join(" ") || UNKNOWN },
  ]);
  return tableLines(columns, rows, INDENT, paint.faint);
}

/** Flows with anomalies first to be chosen; shown in order of their start. */
export function flowLines(report: ReportView, paint: Paint): string[] {
  const columns: Column[] = [
    { title: "Flow", align: "right" },
    { title: "Started" },
    { title: "Service" },
    { title: "VM", flexible: true },
    { title: "Platform", flexible: true },
    { title: "Outcome" },
    { title: "Packets", align: "right" },
    { title: "Took", align: "right" },
  ];
  const chosen = chosenFlows(report);
  const usual = report.platform.addresses[0]?.address;
  const rows = chosen.map((flow): Cell[] => [
    { text: String(flow.id) },
    { text: shortClock(flow.startedAt) },
    { text: flow.service },
    { text: endpoint(flow.vm.address, flow.vm.port) },
    { text: platformSide(flow, usual) },
    flowOutcome(flow, paint),
    number(flow.packets.toPlatform + flow.packets.fromPlatform),
    { text: span(flow.durationMs) },
  ]);
  return withRest(tableLines(columns, rows, INDENT, paint.faint), report.flows.length - chosen.length, paint);
}

export function dnsLines(transactions: Rows<DnsTransaction>, paint: Paint): string[] {
  const columns: Column[] = [
    { title: "Flow", align: "right" },
    { title: "Asked" },
    { title: "Type" },
    { title: "Name", flexible: true },
    { title: "Result" },
    { title: "Took", align: "right" },
    { title: "Answer", flexible: true },
  ];
  const chosen = oddFirst(
    transactions,
    (one) => one.outcome !== "answered" || one.rcode !== "NOERROR" || one.retries > 0,
  );
  const rows = chosen.map((one): Cell[] => [
    { text: String(one.flow) },
    { text: shortClock(one.askedAt) },
    { text: one.type },
    { text: shown(one.name) },
    { text: dnsResult(one), colouring: one.outcome === "answered" && one.rcode === "NOERROR" ? paint.good : paint.bad },
    { text: span(one.responseMs) },
    { text: dnsAnswer(one) },
  ]);
  return withRest(tableLines(columns, rows, INDENT, paint.faint), transactions.length - chosen.length, paint);
}

/** Three lines for each exchange, for its addresses do not fit on one. */
export function dhcpLines(exchanges: Rows<DhcpExchange>, paint: Paint): string[] {
  const chosen = oddFirst(exchanges, (one) => one.outcome !== "acknowledged");
  const lines = chosen.flatMap((one) => {
    const took = one.durationMs === null ? "" : ` in ${span(one.durationMs)}`;
    const colour = one.outcome === "acknowledged" ? paint.good : paint.doubtful;
    const [first, second, third] = [
      `${one.clientMac}  ${one.kind}, `,
      one.messages.map((message) => message.type).join(" "),
      leaseText(one),
    ].map((text) => safeString(text));
    const details = [second, third].flatMap((text) => (text === undefined || text === "" ? [] : wrapTo(text, 84)));
    const margin = " ".repeat(INDENT + DHCP_INDENT);
    return [
      `${" ".repeat(INDENT)}${shortClock(one.messages[0]?.at ?? null).padEnd(DHCP_INDENT)}${first}${colour(one.outcome)}${took}`,
      ...details.map((line) => margin + line),
    ];
  });
  return withRest(lines, exchanges.length - chosen.length, paint);
}

function leaseText(one: DhcpExchange): string {
  const parts = [
    one.offeredAddress === null ? "" : one.offeredAddress,
    one.serverIdentifier === null ? "" : `from ${one.serverIdentifier}`,
    one.platformAddress === null ? "without option 245" : `option 245 ${one.platformAddress}`,
    one.leaseSeconds === null
      ? ""
      : `lease ${one.leaseSeconds === INFINITE_LEASE ? "for ever" : span(one.leaseSeconds * 1000)}`,
    one.routers.length === 0 ? "" : `router ${one.routers.join(" ")}`,
    one.dnsServers.length === 0 ? "" : `DNS ${one.dnsServers.join(" ")}`,
  ];
  return one.serverIdentifier === null
    ? ""
    : parts
        .filter((part) => part !== "")
        .join(", ")
        .replace(", from", " from");
}

export function httpLines(exchanges: Rows<HttpExchange>, paint: Paint): string[] {
  const columns: Column[] = [
    { title: "Flow", align: "right" },
    { title: "Asked" },
    { title: "Operation", flexible: true },
    { title: "Request", flexible: true },
    { title: "Status", align: "right" },
    { title: "Took", align: "right" },
    { title: "Answer", align: "right" },
  ];
  const chosen = oddFirst(exchanges, (one) => !isGoodStatus(one.status));
  const rows = chosen.map((one): Cell[] => [
    { text: String(one.flow) },
    { text: shortClock(one.requestedAt) },
    { text: one.operation ?? UNKNOWN },
    { text: shown([one.method, one.target].filter((part) => part !== null).join(" ") || null) },
    {
      text: one.status === null ? "none" : String(one.status),
      colouring: isGoodStatus(one.status) ? paint.good : paint.bad,
    },
    { text: span(one.responseMs) },
    { text: size(one.responseBytes) },
  ]);
  return withRest(tableLines(columns, rows, INDENT, paint.faint), exchanges.length - chosen.length, paint);
}

export function probeLines(series: Rows<ProbeSeries>, paint: Paint): string[] {
  const columns: Column[] = [
    { title: "Endpoint" },
    { title: "Kind" },
    { title: "Path", flexible: true },
    { title: "Probes", align: "right" },
    { title: "Good", align: "right" },
    { title: "Failed", align: "right" },
    { title: "Every", align: "right" },
    { title: "Last" },
  ];
  const chosen = oddFirst(series, (one) => one.failed > 0);
  const rows = chosen.map((one): Cell[] => [
    { text: endpoint(one.vm.address, one.vm.port) },
    { text: one.kind },
    { text: shown(one.path) },
    number(one.probes),
    number(one.succeeded),
    one.failed > 0 ? { text: count(one.failed), colouring: paint.bad } : number(0),
    { text: span(one.intervalMs) },
    { text: one.lastOutcome, colouring: one.lastOutcome === "succeeded" ? paint.good : paint.bad },
  ]);
  return withRest(tableLines(columns, rows, INDENT, paint.faint), series.length - chosen.length, paint);
}

/** Tests that people made by hand; empty when there are none. */
export function manualTestLines(tests: readonly ManualTest[], paint: Paint): string[] {
  if (tests.length === 0) return [];
  const columns: Column[] = [
    { title: "Started" },
    { title: "Port", align: "right" },
    { title: "Made with" },
    { title: "What it showed", flexible: true, wraps: true },
  ];
  const chosen = tests.slice(0, SHOWN_ROWS);
  const rows = chosen.map((one): Cell[] => [
    { text: shortClock(one.startedAt) },
    { text: String(one.platform.port) },
    { text: one.certainty === "certain" ? one.tool : `likely ${one.tool}` },
    { text: one.summary },
  ]);
  return withRest(tableLines(columns, rows, INDENT, paint.faint), tests.length - chosen.length, paint);
}

/** The rows to show, in their order: when not all fit, those out of the ordinary come before the rest. */
function oddFirst<Row>(rows: Rows<Row>, isOdd: (row: Row) => boolean): Row[] {
  if (rows.length <= SHOWN_ROWS) return [...rows];
  const odd: number[] = [];
  const usual: number[] = [];
  let index = 0;
  for (const row of rows) {
    if (index >= SEARCHED_ROWS || odd.length >= SHOWN_ROWS) break;
    if (isOdd(row)) odd.push(index);
    else if (usual.length < SHOWN_ROWS) usual.push(index);
    index++;
  }
  return picked(rows, [...odd, ...usual].slice(0, SHOWN_ROWS));
}

function chosenFlows(report: ReportView): Flow[] {
  const chosen = new Set<number>();
  for (const anomaly of report.anomalies) {
    for (const flow of anomaly.flows) if (chosen.size < SHOWN_ROWS) chosen.add(flow);
  }
  const all = Math.min(report.flows.length, SHOWN_ROWS * 2);
  for (let id = 0; id < all && chosen.size < SHOWN_ROWS; id++) chosen.add(id);
  return picked(report.flows, [...chosen]);
}

function picked<Row>(rows: Rows<Row>, indexes: number[]): Row[] {
  indexes.sort((a, b) => a - b);
  return indexes.flatMap((index) => {
    const row = rows.at(index);
    return row === undefined ? [] : [row];
  });
}

function withRest(lines: string[], hidden: number, paint: Paint): string[] {
  if (hidden <= 0) return lines;
  return [...lines, " ".repeat(INDENT) + paint.faint(`and ${count(hidden)} more: --format json holds them all`)];
}

/** "tcp/80"; with the address when it is not the usual one. */
function platformSide(flow: Flow, usual: string | undefined): string {
  const { address, port } = flow.platform;
  const what = port === null ? flow.protocol : `${flow.protocol}/${port}`;
  return address === usual ? what : `${what} ${address}`;
}

function flowOutcome(flow: Flow, paint: Paint): Cell {
  const { tcp } = flow;
  if (tcp === null) {
    const twoWay = flow.packets.toPlatform > 0 && flow.packets.fromPlatform > 0;
    return { text: twoWay ? "two-way" : "one-way" };
  }
  const text = tcp.ending === null ? tcp.outcome : `${tcp.outcome}, ${tcp.ending}`;
  const works = cameToBe(tcp.outcome);
  return works ? { text } : { text, colouring: paint.bad };
}

function dnsResult(one: DnsTransaction): string {
  const result = one.rcode ?? one.outcome;
  return one.retries > 0 ? `${result}, ${counted(one.retries, "retry", "retries")}` : result;
}

/** The end of the chain, which is what the client uses, and how many records led there. */
function dnsAnswer({ answers }: DnsTransaction): string {
  const last = answers.at(-1);
  if (last === undefined) return "";
  return answers.length > 1 ? `${last.data} (${answers.length} records)` : last.data;
}

function isGoodStatus(status: number | null): boolean {
  return status !== null && status < 400;
}

function number(value: number): Cell {
  return { text: count(value) };
}
