/** Each probed endpoint over time: up above, down hatched below, and a tick for each probe. */
import type { ProbeSeries } from "../../report/report.ts";
import type { ReportView } from "../../report/report-view.ts";
import { clock, count, counted, endpoint, span } from "../../report/values.ts";
import { type Markup, markup } from "./markup.ts";
import { type ProbeStretch, stretchesOf } from "./probe-states.ts";
import { px } from "./px.ts";
import { section } from "./section.ts";
import { PLOT_WIDTH, TimeAxis } from "./time-axis.ts";
import type { Tracks } from "./tracks.ts";

/** Endpoints that are drawn, those with failures first; the table has them all. */
const SHOWN_SERIES = 30;
const ROW_HEIGHT = 50;
const AXIS_HEIGHT = 24;
/** Ticks closer than this would be one. */
const TICK_DISTANCE = 2;

interface Strip {
  series: ProbeSeries;
  startsMs: readonly number[];
  stretches: readonly ProbeStretch[];
}

/** The strips; null without probes. */
export function probeSection(report: ReportView, tracks: Tracks): Markup | null {
  const strips = [...report.probes]
    .map((series, index) => stripOf(series, tracks.probesMs[index] ?? [], tracks))
    .sort((a, b) => Number(b.series.failed > 0) - Number(a.series.failed > 0));
  if (strips.length === 0) return null;
  const shown = strips.slice(0, SHOWN_SERIES);
  const axis = new TimeAxis(tracks.instants.baseSeconds, tracks.startMs, tracks.endMs);
  const bottom = 4 + shown.length * ROW_HEIGHT;
  const alt = shown.map(({ series }) => `${nameOf(series)}: ${changesText(series)}`).join("; ");
  return section(
    "probes",
    "Health probes",
    strips.length,
    markup`<figure>
<div class="scroll" tabindex="0" role="group" aria-label="Probe strips, scroll sideways">
<svg class="plot" viewBox="0 0 ${PLOT_WIDTH} ${bottom + AXIS_HEIGHT}" role="img" aria-label="Probed endpoints over time. ${alt}.">
<defs><pattern id="down-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="down-stripe" width="1.6" height="5"/></pattern></defs>
${axis.ticks(4, bottom)}${shown.map((strip, index) => stripPlot(strip, 4 + index * ROW_HEIGHT, axis))}
</svg></div>
<figcaption><span class="key good-key"></span> up, <span class="key down-key"></span> down; a tick for each probe. Times are UTC.${strips.length > shown.length && ` ${counted(strips.length - shown.length, "more endpoint")} in the table.`}</figcaption>
${changesTable(shown)}
</figure>`,
  );
}

function stripOf(series: ProbeSeries, startsMs: readonly number[], { instants }: Tracks): Strip {
  const firstMs = startsMs[0] ?? 0;
  const endMs = (startsMs.at(-1) ?? 0) + (series.intervalMs ?? 0);
  const stretches = stretchesOf(series, endMs, instants).map((one) => ({
    ...one,
    fromMs: Math.max(one.fromMs, firstMs),
  }));
  return { series, startsMs, stretches };
}

function stripPlot({ series, startsMs, stretches }: Strip, top: number, axis: TimeAxis): Markup {
  const middle = top + 25;
  const parts = stretches.map(({ fromMs, toMs, up }) => {
    const x = axis.x(fromMs);
    const width = Math.max(2, axis.x(toMs) - x);
    return up
      ? markup`<rect class="up" x="${px(x)}" y="${middle - 13}" width="${px(width)}" height="13"/>`
      : markup`<g><rect class="down" x="${px(x)}" y="${middle}" width="${px(width)}" height="13"/><rect class="down-hatch" x="${px(x)}" y="${middle}" width="${px(width)}" height="13"/>${
          width > 36 && markup`<text class="down-label" x="${px(x + width / 2)}" y="${middle - 4}">down</text>`
        }</g>`;
  });
  let ticks = "";
  let last = Number.NEGATIVE_INFINITY;
  for (const atMs of startsMs) {
    const x = axis.x(atMs);
    if (x - last < TICK_DISTANCE) continue;
    last = x;
    ticks += `M${px(x)} ${middle - 3}v6`;
  }
  const path = series.path === null ? "" : ` ${series.path}`;
  return markup`<g><line class="lane-rule" x1="0" x2="${PLOT_WIDTH}" y1="${top}" y2="${top}"/>
<text class="lane-title" x="8" y="${top + 21}">${cut(endpoint(series.vm.address, series.vm.port), 24)}</text>
<text class="lane-counts" x="8" y="${top + 38}">${series.kind}${cut(path, 12)}, ${count(series.succeeded)} good${series.failed > 0 && markup`, <tspan class="bad">${count(series.failed)} failed</tspan>`}</text>
${parts}<path class="probe-ticks" d="${ticks}"/></g>
`;
}

function nameOf({ vm, kind, path }: ProbeSeries): string {
  return `${endpoint(vm.address, vm.port)} ${kind}${path === null ? "" : ` ${path}`}`;
}

function changesText({ transitions, succeeded, probes }: ProbeSeries): string {
  const all = `${count(succeeded)} of ${count(probes)} probes good`;
  if (transitions.length === 0) return `${succeeded > 0 ? "up" : "down"} all the time, ${all}`;
  return `${counted(transitions.length, "change")}, ${all}`;
}

function changesTable(strips: readonly Strip[]): Markup {
  const rows = strips.map(({ series }) => {
    const changes = series.transitions.map(({ at, to }) => `${to} at ${clock(at)}`);
    return markup`<tr><th scope="row">${nameOf(series)}</th><td>${changesText(series)}</td><td class="number">${span(series.intervalMs)}</td><td>${changes.slice(0, SHOWN_CHANGES).join(", ") || "none"}${changes.length > SHOWN_CHANGES && ` and ${counted(changes.length - SHOWN_CHANGES, "more change")}`}</td></tr>
`;
  });
  return markup`<details><summary>The strips as a table</summary><div class="scroll" tabindex="0" role="group" aria-label="Probed endpoints as a table">
<table class="plain"><caption class="hidden">Probed endpoints and when they went up or down</caption>
<thead><tr><th scope="col">Endpoint</th><th scope="col">Outcome</th><th scope="col" class="number">Every</th><th scope="col">Changes</th></tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}

/** Changes of one endpoint that are told in the table. */
const SHOWN_CHANGES = 40;

function cut(text: string, characters: number): string {
  return text.length > characters ? `${text.slice(0, characters - 1)}…` : text;
}
