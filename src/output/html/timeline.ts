/**
 * All services over the time of the capture: what went well above each lane's line, what failed below it, a line where flows were open, and
 * hatched where nothing was tried for conspicuously long. Above the lanes the anomalies, from their first to their last packet.
 */
import { SERVICE_TITLES } from "../../report/headline.ts";
import { lossText } from "../../report/live-gaps.ts";
import type { Anomaly, ServiceName } from "../../report/report.ts";
import type { ReportView } from "../../report/report-view.ts";
import { clock, count, counted, span } from "../../report/values.ts";
import { type Markup, markup } from "./markup.ts";
import { px } from "./px.ts";
import { section } from "./section.ts";
import { PLOT_COLUMNS, PLOT_LEFT, PLOT_WIDTH, TimeAxis } from "./time-axis.ts";
import type { Track, Tracks } from "./tracks.ts";

/** Anomalies that have a row of their own above the lanes; the list of anomalies has the rest. */
const SHOWN_ANOMALIES = 12;
const ANOMALY_HEIGHT = 19;
const LANE_HEIGHT = 58;
const GOOD_HEIGHT = 26;
const FAILED_HEIGHT = 16;
const AXIS_HEIGHT = 24;
/** A pause is marked when it is this many times the lane's usual distance, this share of the whole time, and can be felt at all. */
const LONG_PAUSE_TIMES = 2.5;
const LONG_PAUSE_SHARE = 0.08;
const LEAST_PAUSE_MS = 1000;
/** Attempts from which on a usual distance can be told. */
const USUAL_ATTEMPTS = 4;

/** A stretch without an attempt. */
interface Pause {
  fromMs: number;
  toMs: number;
}

/** The section; null when nothing has a time. */
export function timelineSection(report: ReportView, tracks: Tracks): Markup | null {
  if (tracks.ofService.size === 0) return null;
  const axis = new TimeAxis(tracks.instants.baseSeconds, tracks.startMs, tracks.endMs);
  const anomalies = report.anomalies.slice(0, SHOWN_ANOMALIES);
  const lanesTop = anomalies.length === 0 ? 8 : anomalies.length * ANOMALY_HEIGHT + 16;
  const lanes = [...tracks.ofService];
  const bottom = lanesTop + lanes.length * LANE_HEIGHT;
  const rows = anomalies.map((anomaly, index) => anomalyRow(anomaly, index, axis, tracks));
  const drawn = lanes.map(([service, track], index) => lane(service, track, lanesTop + index * LANE_HEIGHT, axis));
  const height = bottom + AXIS_HEIGHT;
  return section(
    "timeline",
    "Timeline",
    null,
    markup`<figure>
<div class="scroll" tabindex="0" role="group" aria-label="Timeline, scrolls sideways">
<svg class="plot" viewBox="0 0 ${PLOT_WIDTH} ${height}" role="img" aria-label="${altText(report, tracks)}">
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="2" height="6"/></pattern></defs>
${axis.ticks(2, bottom)}${captureGaps(report, tracks, axis, bottom)}${rows}${drawn}
</svg></div>
<figcaption>Times are UTC. <span class="key good-key"></span> went well, above the line; <span class="key bad-key"></span> failed, below it. Taller means more at once, lane by lane. The line is thick where a flow was open. <span class="key hatch-key"></span> a pause that is long for this service.</figcaption>
${lanesTable(lanes, axis)}
</figure>`,
  );
}

function altText(report: ReportView, tracks: Tracks): string {
  const lanes = [...tracks.ofService].map(
    ([service, track]) =>
      `${SERVICE_TITLES[service]}: ${track.goodAtMs.length} went well, ${track.failedAtMs.length} failed`,
  );
  return `Timeline of ${span(report.capture.durationMs)}. ${lanes.join("; ")}. The table below tells the same.`;
}

function anomalyRow(anomaly: Anomaly, index: number, axis: TimeAxis, { instants }: Tracks): Markup {
  const y = 6 + index * ANOMALY_HEIGHT;
  const from = axis.x(instants.ms(anomaly.firstAt));
  const to = Math.max(from + 5, axis.x(instants.ms(anomaly.lastAt)));
  return markup`<g class="severity-${anomaly.severity}"><title>${anomaly.title}, ${clock(anomaly.firstAt)} to ${clock(anomaly.lastAt)}</title>
<text class="anomaly-number" x="18" y="${y + 11}">${index + 1}</text><text class="anomaly-label" x="26" y="${y + 11}">${anomaly.rule}</text>
<line class="anomaly-line" x1="${px(from)}" x2="${px(to)}" y1="${y + 7}" y2="${y + 7}"/><path class="anomaly-ends" d="M${px(from)} ${y + 2}v10M${px(to)} ${y + 2}v10"/></g>
`;
}

function lane(service: ServiceName, track: Track, top: number, axis: TimeAxis): Markup {
  const base = top + 6 + GOOD_HEIGHT + 4;
  const good = columnCounts(track.goodAtMs, axis);
  const failed = columnCounts(track.failedAtMs, axis);
  const most = Math.max(1, ...good, ...failed);
  const bars: Markup[] = [];
  for (let column = 0; column < PLOT_COLUMNS; column++) {
    const well = good[column] ?? 0;
    const badly = failed[column] ?? 0;
    if (well + badly === 0) continue;
    const x = px(axis.columnX(column) + 0.4);
    const up = px(barHeight(well, most, GOOD_HEIGHT));
    const down = px(barHeight(badly, most, FAILED_HEIGHT));
    bars.push(markup`<g><title>${clockOf(axis, axis.columnMs(column))}: ${count(well)} went well, ${count(badly)} failed</title>
${well > 0 && markup`<rect class="good" x="${x}" y="${px(base - 1 - up)}" width="3.2" height="${up}"/>`}${badly > 0 && markup`<rect class="bad" x="${x}" y="${base + 2}" width="3.2" height="${down}"/>`}</g>`);
  }
  const failures = track.failedAtMs.length;
  const pauses = longPauses(track, axis).map(({ fromMs, toMs }) => pauseMark(fromMs, toMs, base, axis));
  return markup`<g class="lane"><line class="lane-rule" x1="0" x2="${PLOT_WIDTH}" y1="${top}" y2="${top}"/>
<text class="lane-title" x="8" y="${top + 24}">${SERVICE_TITLES[service]}</text>
<text class="lane-counts" x="8" y="${top + 42}">${count(track.goodAtMs.length)} good${failures > 0 && markup`, <tspan class="bad">${count(failures)} failed</tspan>`}</text>
${pauses}<line class="lane-base" x1="${PLOT_LEFT}" x2="${px(axis.columnX(PLOT_COLUMNS))}" y1="${base}" y2="${base}"/>
${openFlows(track, base, axis)}${bars}</g>
`;
}

/** One at the most of its lane is as tall as the lane; a single one among many can still be seen. */
function barHeight(value: number, most: number, height: number): number {
  return value === 0 ? 0 : Math.max(5, height * Math.sqrt(value / most));
}

function columnCounts(timesMs: readonly number[], axis: TimeAxis): Uint32Array {
  const counts = new Uint32Array(PLOT_COLUMNS);
  for (const atMs of timesMs) {
    const column = axis.column(atMs);
    counts[column] = (counts[column] ?? 0) + 1;
  }
  return counts;
}

/** The lane's line, thick in those columns in which a flow was open. */
function openFlows({ flowsMs }: Track, base: number, axis: TimeAxis): Markup {
  const changes = new Int32Array(PLOT_COLUMNS + 1);
  for (let index = 0; index < flowsMs.length; index += 2) {
    const from = axis.column(flowsMs[index] ?? 0);
    const to = axis.column(flowsMs[index + 1] ?? 0) + 1;
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to] = (changes[to] ?? 0) - 1;
  }
  let path = "";
  let open = 0;
  for (let column = 0; column <= PLOT_COLUMNS; column++) {
    const before = open;
    open += changes[column] ?? 0;
    if (before === 0 && open > 0) path += `M${px(axis.columnX(column))} ${base}`;
    if (before > 0 && open === 0) path += `H${px(axis.columnX(column))}`;
  }
  if (open > 0) path += `H${px(axis.columnX(PLOT_COLUMNS))}`;
  return path === "" ? markup`` : markup`<path class="lane-open" d="${path}"/>`;
}

/** Pauses between attempts, and after the last one, that stand out against the lane's usual distance. */
function longPauses(track: Track, axis: TimeAxis): Pause[] {
  const times = sortedTimes(track);
  if (times.length < USUAL_ATTEMPTS) return [];
  const usual = usualDistance(times, axis.columnMs(1) - axis.startMs);
  const least = Math.max(usual * LONG_PAUSE_TIMES, (axis.endMs - axis.startMs) * LONG_PAUSE_SHARE, LEAST_PAUSE_MS);
  return pausesOf(times, axis.endMs).filter(({ fromMs, toMs }) => toMs - fromMs >= least);
}

/** The median distance of attempts, those that come together taken for one. */
function usualDistance(times: Float64Array, togetherMs: number): number {
  const distances = times.subarray(1).map((time, index) => time - (times[index] ?? time));
  const apart = distances.filter((distance) => distance > togetherMs).sort();
  return apart[apart.length >> 1] ?? 0;
}

function sortedTimes(track: Track): Float64Array {
  return Float64Array.from([...track.goodAtMs, ...track.failedAtMs]).sort();
}

function pausesOf(times: Float64Array, endMs: number): Pause[] {
  return Array.from(times, (fromMs, index) => ({ fromMs, toMs: times[index + 1] ?? endMs }));
}

function pauseMark(fromMs: number, toMs: number, base: number, axis: TimeAxis): Markup {
  const from = axis.x(fromMs) + 5;
  const width = axis.x(toMs) - from - 2;
  return markup`<rect class="pause" x="${px(from)}" y="${base - 12}" width="${px(Math.max(2, width))}" height="11"/>${
    width > 70 &&
    markup`<text class="pause-label" x="${px(from + width / 2)}" y="${base - 16}">${span(toMs - fromMs)} quiet</text>`
  }`;
}

/** Times without capture, of live sources. */
function captureGaps(report: ReportView, { instants }: Tracks, axis: TimeAxis, bottom: number): Markup {
  const gaps = report.capture.sources.flatMap((source) => source.live?.gaps ?? []);
  return markup`${gaps.map(({ fromAt, toAt, reason }) => {
    const from = axis.x(instants.ms(fromAt));
    const to = toAt === null ? axis.columnX(PLOT_COLUMNS) : axis.x(instants.ms(toAt));
    const width = Math.max(2, to - from);
    return markup`<g><title>No capture: ${lossText(reason)}</title><rect class="pause" x="${px(from)}" y="0" width="${px(width)}" height="${bottom}"/>${
      width > 70 && markup`<text class="pause-label" x="${px(from + width / 2)}" y="${bottom - 4}">no capture</text>`
    }</g>`;
  })}`;
}

/** The same as a table. */
function lanesTable(lanes: readonly (readonly [ServiceName, Track])[], axis: TimeAxis): Markup {
  const rows = lanes.map(([service, track]) => {
    const times = sortedTimes(track);
    const longest = pausesOf(times, axis.endMs).reduce<Pause | null>(
      (most, pause) => (most === null || pause.toMs - pause.fromMs > most.toMs - most.fromMs ? pause : most),
      null,
    );
    return markup`<tr><th scope="row">${SERVICE_TITLES[service]}</th><td class="number">${count(track.goodAtMs.length)}</td><td class="number">${count(track.failedAtMs.length)}</td>
<td>${times.length === 0 ? "-" : clockOf(axis, times[0] ?? 0)}</td><td>${times.length === 0 ? "-" : clockOf(axis, times.at(-1) ?? 0)}</td>
<td>${longest === null ? "-" : `${span(longest.toMs - longest.fromMs)}, from ${clockOf(axis, longest.fromMs)}`}</td></tr>
`;
  });
  return markup`<details><summary>The timeline as a table</summary><div class="scroll" tabindex="0" role="group" aria-label="Timeline as a table">
<table class="plain"><caption class="hidden">What each service tried: ${counted(lanes.length, "service")}</caption>
<thead><tr><th scope="col">Service</th><th scope="col" class="number">Good</th><th scope="col" class="number">Failed</th><th scope="col">First</th><th scope="col">Last</th><th scope="col">Longest pause</th></tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}

function clockOf(axis: TimeAxis, atMs: number): string {
  return axis.clock(atMs, 1);
}
