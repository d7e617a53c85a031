/** The axis of the plots over time: where an instant stands, and which instants are written below it. */
import { type Markup, markup } from "./markup.ts";
import { px } from "./px.ts";

/** Width of every plot over time, and where its plotting area begins and ends, in SVG units. */
export const PLOT_WIDTH = 1080;
export const PLOT_LEFT = 200;
const PLOT_RIGHT = 1068;
/** Columns into which times are gathered. */
export const PLOT_COLUMNS = 217;
const COLUMN_WIDTH: number = (PLOT_RIGHT - PLOT_LEFT) / PLOT_COLUMNS;

/** Distances of ticks from which the first that is not too dense is taken, in milliseconds. */
const SECOND = 1000;
const MINUTE: number = 60 * SECOND;
const HOUR: number = 60 * MINUTE;
const DAY: number = 24 * HOUR;
const STEPS_MS: readonly number[] = [
  ...[0.001, 0.01, 0.1, 1, 10, 100].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((days) => days * DAY),
];
const MOST_TICKS = 9;

export class TimeAxis {
  readonly startMs: number;
  readonly endMs: number;
  /** Seconds since 1970 at which the milliseconds count from 0. */
  readonly #baseSeconds: number;

  /** An axis has some length, if only a millisecond, so that one instant has a place too. */
  constructor(baseSeconds: number, startMs: number, endMs: number) {
    this.#baseSeconds = baseSeconds;
    this.startMs = startMs;
    this.endMs = Math.max(endMs, startMs + 1);
  }

  /** X of an instant; those outside stand at the ends. */
  x(atMs: number): number {
    return PLOT_LEFT + this.#share(atMs) * (PLOT_RIGHT - PLOT_LEFT);
  }

  /** Column of an instant, from 0. */
  column(atMs: number): number {
    return Math.min(PLOT_COLUMNS - 1, Math.floor(this.#share(atMs) * PLOT_COLUMNS));
  }

  columnX(column: number): number {
    return PLOT_LEFT + column * COLUMN_WIDTH;
  }

  /** First instant of a column. */
  columnMs(column: number): number {
    return this.startMs + ((this.endMs - this.startMs) * column) / PLOT_COLUMNS;
  }

  /** "04:09:20", with what the distance of neighbours needs beside. */
  clock(atMs: number, stepMs: number): string {
    const text = new Date(this.#baseSeconds * SECOND + Math.floor(atMs + 1e-6)).toISOString();
    if (stepMs >= DAY) return text.slice(0, 10);
    if (stepMs >= MINUTE) return text.slice(11, 16);
    if (stepMs >= SECOND) return text.slice(11, 19);
    if (stepMs >= 1) return text.slice(11, 23);
    return `${(atMs - this.startMs).toFixed(3)} ms`;
  }

  /** Lines and labels for a plot whose lanes stand between `top` and `bottom`. */
  ticks(top: number, bottom: number): Markup {
    const stepMs = STEPS_MS.find((step) => (this.endMs - this.startMs) / step <= MOST_TICKS) ?? 1000 * DAY;
    const ofDay = this.#baseSeconds * SECOND;
    const first = Math.ceil((ofDay + this.startMs) / stepMs) * stepMs - ofDay;
    const marks: Markup[] = [];
    for (let atMs = first; atMs <= this.endMs; atMs += stepMs) {
      const x = px(this.x(atMs));
      marks.push(markup`<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>
<text class="tick" x="${x}" y="${bottom + 15}">${this.clock(atMs, stepMs)}</text>`);
    }
    return markup`${marks}`;
  }

  #share(atMs: number): number {
    return Math.min(1, Math.max(0, (atMs - this.startMs) / (this.endMs - this.startMs)));
  }
}
