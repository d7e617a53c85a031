/** When the probes of each series began, and whether the endpoint was up then. */
import type { ProbeSeries } from "../../report/report.ts";
import type { ReportView } from "../../report/report-view.ts";
import type { InstantReader } from "./instants.ts";

/** A time in which all probes of a series went the same way. */
export interface ProbeStretch {
  fromMs: number;
  toMs: number;
  up: boolean;
}

export class ProbeStates {
  /** By series, in the report's order: when its probes began. */
  readonly startsMs: number[][] = [];
  readonly #series: readonly ProbeSeries[];
  readonly #instants: InstantReader;
  /** Of each flow by its id: its series; -1 without one. */
  readonly #seriesOf: Int32Array;

  constructor(report: ReportView, instants: InstantReader) {
    this.#series = [...report.probes];
    this.#instants = instants;
    this.#seriesOf = new Int32Array(report.flows.length).fill(-1);
    for (const [index, { flows }] of this.#series.entries()) {
      this.startsMs.push([]);
      for (const flow of flows) if (flow < this.#seriesOf.length) this.#seriesOf[flow] = index;
    }
  }

  /** A probe on this flow. */
  add(flow: number, atMs: number): void {
    this.startsMs[this.#seriesOf[flow] ?? -1]?.push(atMs);
  }

  /** Every probe that came to its end, with how it went, by series. The last ones may still go on. */
  *all(): Iterable<{ atMs: number; up: boolean }> {
    for (const [index, series] of this.#series.entries()) {
      const starts = (this.startsMs[index] ?? []).sort((a, b) => a - b);
      const ended = series.succeeded + series.failed;
      const stretches = stretchesOf(series, starts.at(-1) ?? 0, this.#instants);
      let at = 0;
      for (const atMs of starts.slice(0, ended)) {
        while (at < stretches.length - 1 && atMs >= (stretches[at]?.toMs ?? 0)) at++;
        yield { atMs, up: stretches[at]?.up ?? true };
      }
    }
  }
}

/** The series' states from its first probe on: before its first change it was the other way round. */
export function stretchesOf(series: ProbeSeries, endMs: number, instants: InstantReader): ProbeStretch[] {
  const stretches: ProbeStretch[] = [];
  const [first] = series.transitions;
  let up = first === undefined ? series.succeeded > 0 : first.to === "down";
  let fromMs = Number.NEGATIVE_INFINITY;
  for (const { at, to } of series.transitions) {
    const atMs = instants.ms(at);
    stretches.push({ fromMs, toMs: atMs, up });
    fromMs = atMs;
    up = to === "up";
  }
  stretches.push({ fromMs, toMs: endMs, up });
  return stretches;
}
