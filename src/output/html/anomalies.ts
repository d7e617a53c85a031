/** What is wrong, most severe first: each case with cause, remedy, evidence, a display filter to copy, and the ladders of its flows. */
import { MAX_PAGE_ANOMALIES, MAX_PAGE_LADDERS } from "../../limits.ts";
import type { PacketLines } from "../../report/packet-line.ts";
import type { Anomaly, PacketRef } from "../../report/report.ts";
import type { ReportView } from "../../report/report-view.ts";
import { clock, count, counted, packetName } from "../../report/values.ts";
import { ladder } from "./ladder.ts";
import { type Markup, markup } from "./markup.ts";

/** Evidence packets that are quoted for one anomaly; the display filter selects the rest. */
const QUOTED_PACKETS = 8;
/** Flows of one anomaly that are drawn. */
const LADDERS_OF_ANOMALY = 3;
/** Flows of one anomaly that are named. */
const NAMED_FLOWS = 12;

/** The anomalies' articles, one at a time, so that they can be written one at a time. */
export function* anomalyArticles(report: ReportView, packets: PacketLines): Iterable<Markup> {
  const drawn = new Set<number>();
  for (const [index, anomaly] of report.anomalies.slice(0, MAX_PAGE_ANOMALIES).entries()) {
    yield article(anomaly, index, report, packets, drawn);
  }
  const rest = report.anomalies.length - MAX_PAGE_ANOMALIES;
  if (rest > 0) yield markup`<p>${counted(rest, "more anomaly", "more anomalies")}: --format json holds them all.</p>`;
}

function article(
  anomaly: Anomaly,
  index: number,
  report: ReportView,
  packets: PacketLines,
  drawn: Set<number>,
): Markup {
  const id = `anomaly-${index + 1}`;
  return markup`<article id="${id}" class="anomaly severity-${anomaly.severity}" aria-labelledby="${id}-title">
<header><span class="anomaly-index">${index + 1}</span><span class="badge severity">${anomaly.severity}</span><h3 id="${id}-title">${anomaly.title}</h3><code class="rule">${anomaly.rule}</code></header>
<p class="lead">${anomaly.summary}</p>
<dl><dt>Cause</dt><dd>${anomaly.cause}</dd><dt>Remedy</dt><dd>${anomaly.remedy}</dd><dt>When</dt><dd>${whenText(anomaly)}</dd>${flowsOf(anomaly)}</dl>
${evidence(anomaly, report.capture.sources.length, packets)}${displayFilter(anomaly.displayFilter)}${ladders(anomaly, report, packets, drawn)}</article>
`;
}

function whenText({ count: times, firstAt, lastAt }: Anomaly): string {
  if (firstAt === lastAt) return `${clock(firstAt)} UTC`;
  return `${times > 1 ? `${count(times)} times, ` : ""}${clock(firstAt)} to ${clock(lastAt)} UTC`;
}

/** The script turns the numbers into a look-up in the table of flows. */
function flowsOf({ flows }: Anomaly): Markup | null {
  if (flows.length === 0) return null;
  const named = flows
    .slice(0, NAMED_FLOWS)
    .map(
      (flow, index) =>
        markup`${index > 0 && ", "}<a href="#flows" data-flow="${flow}" aria-label="flow ${flow}">${flow}</a>`,
    );
  const rest = flows.length - NAMED_FLOWS;
  return markup`<dt>Flows</dt><dd>${named}${rest > 0 && ` and ${count(rest)} more`}</dd>`;
}

function evidence({ packets: refs }: Anomaly, sources: number, packets: PacketLines): Markup | null {
  if (refs.length === 0) return null;
  const rows = refs.slice(0, QUOTED_PACKETS).map((ref) => evidenceRow(ref, sources, packets));
  const rest = refs.length - QUOTED_PACKETS;
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="Evidence packets">
<table class="plain evidence"><caption>Evidence: ${counted(refs.length, "packet")}${rest > 0 && `, the first ${QUOTED_PACKETS} here, all by the display filter`}</caption>
<thead><tr><th scope="col" class="number">Packet</th><th scope="col">Time</th><th scope="col">VM</th><th scope="col"><span class="hidden">Direction</span></th><th scope="col">Platform</th><th scope="col">What</th></tr></thead>
<tbody>${rows}</tbody></table></div>
`;
}

function evidenceRow(ref: PacketRef, sources: number, packets: PacketLines): Markup {
  const name = packetName(ref, sources);
  const line = packets.line(ref);
  if (line === null)
    return markup`<tr><td class="number">${name}</td><td colspan="5" class="quiet">no longer held</td></tr>
`;
  const [left, right] = line.toPlatform === false ? [line.to, line.from] : [line.from, line.to];
  return markup`<tr><td class="number">${name}</td><td>${clock(line.at)}</td><td>${left}</td><td>${arrow(line.toPlatform)}</td><td>${right}</td><td>${line.summary}</td></tr>
`;
}

function arrow(toPlatform: boolean | null): Markup {
  if (toPlatform === null)
    return markup`<span class="hidden">an error about it</span><span aria-hidden="true">–</span>`;
  return toPlatform
    ? markup`<span class="hidden">to the platform</span><span aria-hidden="true">→</span>`
    : markup`<span class="hidden">from the platform</span><span aria-hidden="true">←</span>`;
}

function displayFilter(filter: string): Markup {
  return markup`<div class="filter"><span class="filter-title">Wireshark filter</span><code>${filter}</code><button type="button" class="copy" data-copy hidden>Copy<span class="hidden"> the display filter</span></button></div>
`;
}

function ladders(anomaly: Anomaly, report: ReportView, packets: PacketLines, drawn: Set<number>): Markup {
  const evidenceNames = new Set(anomaly.packets.map((ref) => packetName(ref, SEVERAL)));
  const isEvidence = (ref: PacketRef): boolean => evidenceNames.has(packetName(ref, SEVERAL));
  const diagrams: Markup[] = [];
  const above: Markup[] = [];
  for (const id of anomaly.flows.slice(0, LADDERS_OF_ANOMALY)) {
    const flow = report.flows.at(id);
    if (drawn.has(id)) above.push(markup` <a href="#ladder-${id}">flow ${id}</a>`);
    if (flow === undefined || drawn.has(id) || drawn.size >= MAX_PAGE_LADDERS) continue;
    const diagram = ladder(flow, report.capture.sources.length, packets, isEvidence);
    if (diagram === null) continue;
    drawn.add(id);
    diagrams.push(diagram);
  }
  return markup`${diagrams}${above.length > 0 && markup`<p class="quiet">Drawn above:${above}</p>`}`;
}

/** Makes a packet's name tell its source too. */
const SEVERAL = 2;
