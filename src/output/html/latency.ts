/** How long answers and handshakes took, by service: a histogram each on one logarithmic axis, with median and 95th percentile. */
import { SERVICE_TITLES } from "../../report/headline.ts";
import type { ServiceName } from "../../report/report.ts";
import { count, span } from "../../report/values.ts";
import { type Markup, markup } from "./markup.ts";
import { px } from "./px.ts";
import { section } from "./section.ts";
import { type Spread, spreadOf } from "./statistics.ts";
import type { Tracks } from "./tracks.ts";

const WIDTH = 1080;
const LEFT = 200;
const RIGHT = 806;
const ROW_HEIGHT = 54;
const BAR_HEIGHT = 34;
const AXIS_HEIGHT = 24;
/** Bars for each power of ten. */
const BARS_A_DECADE = 12;
/** Shorter times stand at the left end: no capture's clock tells them apart. */
const SHORTEST_MS = 0.001;

interface Row {
  title: string;
  what: string;
  samples: readonly number[];
  spread: Spread;
}

/** The section; null when nothing was measured. */
export function latencySection(tracks: Tracks): Markup | null {
  const rows = [...tracks.ofService].flatMap(([service, track]) => [
    ...rowOf(service, ANSWER_WORDS[service] ?? "request to answer", track.responsesMs),
    ...rowOf(service, "TCP handshake", track.handshakesMs),
  ]);
  if (rows.length === 0) return null;
  const axis = new DecadeAxis(
    Math.min(...rows.map(({ spread }) => spread.min)),
    Math.max(...rows.map(({ spread }) => spread.max)),
  );
  const bottom = 22 + rows.length * ROW_HEIGHT;
  const alt = rows.map(({ title, what, spread }) => `${title}, ${what}: median ${span(spread.median)}`).join("; ");
  return section(
    "latency",
    "Latency",
    null,
    markup`<figure>
<div class="scroll" tabindex="0" role="group" aria-label="Latency, scrolls sideways">
<svg class="plot" viewBox="0 0 ${WIDTH} ${bottom + AXIS_HEIGHT}" role="img" aria-label="Distribution of times. ${alt}. The table below tells the same.">
<text class="column-title" x="892" y="13">median</text><text class="column-title" x="980" y="13">p95</text><text class="column-title" x="1068" y="13">max</text>
${axis.ticks(22, bottom)}${rows.map((row, index) => rowPlot(row, 22 + index * ROW_HEIGHT, axis))}
</svg></div>
<figcaption>Logarithmic scale; taller bars hold more samples, row by row. <span class="key median-key"></span> median, <span class="key p95-key"></span> 95th percentile.</figcaption>
${rowsTable(rows)}
</figure>`,
  );
}

const ANSWER_WORDS: Readonly<Partial<Record<ServiceName, string>>> = {
  dns: "question to answer",
  dhcp: "first message to last",
};

function rowOf(service: ServiceName, what: string, samples: readonly number[]): Row[] {
  const spread = spreadOf(samples);
  return spread === null ? [] : [{ title: SERVICE_TITLES[service], what, samples, spread }];
}

/** Powers of ten of milliseconds from left to right. */
class DecadeAxis {
  readonly #first: number;
  readonly #last: number;

  constructor(minMs: number, maxMs: number) {
    this.#first = Math.floor(Math.log10(Math.max(minMs, SHORTEST_MS)));
    this.#last = Math.max(this.#first + 1, Math.ceil(Math.log10(Math.max(maxMs, SHORTEST_MS))));
  }

  get bars(): number {
    return (this.#last - this.#first) * BARS_A_DECADE;
  }

  bar(ms: number): number {
    return Math.min(this.bars - 1, Math.floor(this.#share(ms) * this.bars));
  }

  barX(bar: number): number {
    return LEFT + (bar * (RIGHT - LEFT)) / this.bars;
  }

  /** First time of a bar. */
  barMs(bar: number): number {
    return 10 ** (this.#first + bar / BARS_A_DECADE);
  }

  x(ms: number): number {
    return LEFT + this.#share(ms) * (RIGHT - LEFT);
  }

  ticks(top: number, bottom: number): Markup {
    const marks: Markup[] = [];
    for (let decade = this.#first; decade <= this.#last; decade++) {
      const x = px(this.x(10 ** decade));
      marks.push(markup`<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>
<text class="tick" x="${x}" y="${bottom + 15}">${decadeText(decade)}</text>`);
    }
    return markup`${marks}`;
  }

  #share(ms: number): number {
    const share = (Math.log10(Math.max(ms, SHORTEST_MS)) - this.#first) / (this.#last - this.#first);
    return Math.min(1, Math.max(0, share));
  }
}

/** "1 µs", "0.1 ms", "10 s". */
function decadeText(decade: number): string {
  if (decade < -1) return `${10 ** (decade + 3)} µs`;
  return decade < 3 ? `${10 ** decade} ms` : `${10 ** (decade - 3)} s`;
}

function rowPlot({ title, what, samples, spread }: Row, top: number, axis: DecadeAxis): Markup {
  const base = top + ROW_HEIGHT - 8;
  const counts = new Uint32Array(axis.bars);
  for (const ms of samples) counts[axis.bar(ms)] = (counts[axis.bar(ms)] ?? 0) + 1;
  const most = Math.max(1, ...counts);
  const width = px(axis.barX(1) - axis.barX(0) - 1);
  const bars = [...counts].map((number, bar) => {
    if (number === 0) return null;
    const height = px(Math.max(2, (BAR_HEIGHT * number) / most));
    return markup`<rect class="bar-rect" x="${px(axis.barX(bar))}" y="${px(base - height)}" width="${width}" height="${height}"><title>${span(axis.barMs(bar))} to ${span(axis.barMs(bar + 1))}: ${count(number)}</title></rect>`;
  });
  const median = px(axis.x(spread.median));
  const p95 = px(axis.x(spread.p95));
  return markup`<g><line class="lane-rule" x1="0" x2="${WIDTH}" y1="${top}" y2="${top}"/>
<text class="lane-title" x="8" y="${top + 23}">${title}</text><text class="lane-counts" x="8" y="${top + 40}">${what}, ${count(spread.samples)}</text>
${bars}<line class="lane-base" x1="${LEFT}" x2="${RIGHT}" y1="${base}" y2="${base}"/>
<line class="p95" x1="${p95}" x2="${p95}" y1="${base - BAR_HEIGHT - 3}" y2="${base + 4}"/><line class="median" x1="${median}" x2="${median}" y1="${base - BAR_HEIGHT - 3}" y2="${base + 4}"/>
<text class="figure" x="892" y="${base - 8}">${span(spread.median)}</text><text class="figure" x="980" y="${base - 8}">${span(spread.p95)}</text><text class="figure" x="1068" y="${base - 8}">${span(spread.max)}</text></g>
`;
}

function rowsTable(rows: readonly Row[]): Markup {
  const lines = rows.map(
    ({ title, what, spread }) =>
      markup`<tr><th scope="row">${title}, ${what}</th><td class="number">${count(spread.samples)}</td><td class="number">${span(spread.min)}</td><td class="number">${span(spread.median)}</td><td class="number">${span(spread.p95)}</td><td class="number">${span(spread.max)}</td></tr>
`,
  );
  return markup`<details><summary>The distributions as a table</summary><div class="scroll" tabindex="0" role="group" aria-label="Latency as a table">
<table class="plain"><caption class="hidden">Times from a request to its answer, and of TCP handshakes</caption>
<thead><tr><th scope="col">What</th><th scope="col" class="number">Samples</th><th scope="col" class="number">Shortest</th><th scope="col" class="number">Median</th><th scope="col" class="number">95th percentile</th><th scope="col" class="number">Longest</th></tr></thead>
<tbody>${lines}</tbody></table></div></details>`;
}
