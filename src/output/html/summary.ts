/** The head of the page: the answer in one sentence, what was read, and the answer for each service. */
import { headlineOf, isShown, SERVICE_TITLES, verdictWord } from "../../report/headline.ts";
import type { ServiceSummary } from "../../report/report.ts";
import type { ReportView } from "../../report/report-view.ts";
import { count, counted, dateAndClock, INSTANT_IN_TEXT, shortClock, span } from "../../report/values.ts";
import { anomalyLinks } from "./anomaly-links.ts";
import { type Markup, markup } from "./markup.ts";
import { section } from "./section.ts";

/** The verdict over all, as the page's first heading, with the capture that it is about. */
export function headline(report: ReportView): Markup {
  const { state, word, text, advice } = headlineOf(report);
  return markup`<div class="verdict state-${state}">
<h1><span class="state-word">${upperFirst(word)}</span> <span class="state-text">${upperFirst(text)}.</span></h1>
${advice !== null && markup`<p>${advice}.</p>`}<p class="meta">${readText(report)}</p>
</div>
`;
}

function upperFirst(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** The file and when it was taken, as the page's title has them too. */
export function sourceNames(report: ReportView): string {
  const [first, ...rest] = report.capture.sources;
  if (first === undefined) return "no capture";
  return rest.length === 0 ? first.name : `${first.name} and ${counted(rest.length, "more capture")}`;
}

function readText(report: ReportView): Markup {
  const { capture } = report;
  const time =
    capture.startedAt === null
      ? null
      : markup`<span>${dateAndClock(capture.startedAt)} UTC, ${span(capture.durationMs)}</span>`;
  return markup`<span class="mono">${sourceNames(report)}</span> ${time} <span>${counted(capture.packets, "packet")}, ${count(capture.platformPackets)} of them the platform’s</span>`;
}

/** One row a service; those that were not seen in one line below. */
export function servicesSection({ services }: ReportView): Markup {
  const seen = services.filter(isShown);
  const unseen = services.filter((one) => !isShown(one)).map(({ service }) => SERVICE_TITLES[service]);
  const table =
    seen.length > 0 &&
    markup`<div class="scroll" tabindex="0" role="group" aria-label="Services">
<table class="plain services"><caption class="hidden">Each service’s verdict</caption>
<thead><tr><th scope="col">Service</th><th scope="col">Verdict</th><th scope="col" class="number">Good</th><th scope="col" class="number">Failed</th><th scope="col" class="number">Median</th><th scope="col" class="number">p95</th><th scope="col">What was seen</th></tr></thead>
<tbody>${seen.map(serviceRow)}</tbody></table></div>
`;
  return section(
    "services",
    "Services",
    null,
    markup`${table}${unseen.length > 0 && markup`<p class="quiet">Not seen in this capture: ${unseen.join(", ")}.</p>`}`,
  );
}

function serviceRow(service: ServiceSummary): Markup {
  const { responseMs, anomalies } = service;
  return markup`<tr><th scope="row">${SERVICE_TITLES[service.service]}</th><td><span class="badge verdict-${service.verdict}">${verdictWord(service)}</span></td>
<td class="number">${count(service.succeeded)}</td><td class="number${service.failed > 0 && " bad"}">${count(service.failed)}</td>
<td class="number">${span(responseMs?.median ?? null)}</td><td class="number">${span(responseMs?.p95 ?? null)}</td>
<td class="wide">${withShortTimes(service.summary)}${anomalies.length > 0 && markup` <span class="links">${anomalyLinks(anomalies)}</span>`}</td></tr>
`;
}

/** Instants within a sentence by their clock alone; the whole instant is told to who points at it. */
function withShortTimes(sentence: string): Markup {
  const parts = sentence.split(INSTANT_IN_TEXT);
  return markup`${parts.map((part, index) =>
    index % 2 === 0 ? part : markup`<time datetime="${part}" title="${part}">${shortClock(part)} UTC</time>`,
  )}`;
}
