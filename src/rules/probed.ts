/** What rules about health probes have in common: one finding for each probed endpoint. */
import { count } from "../report/values.ts";
import { Case } from "./case.ts";
import type { Facts, ProbeFact, ProbeSeriesFact } from "./facts.ts";
import type { Finding } from "./rule.ts";
import { addressFilter, endpoint } from "./texts.ts";

/** "tcp probe of 10.0.0.4:80" or "http probe of 10.0.0.4:80/health". */
export function probeName(series: ProbeSeriesFact): string {
  return `${series.kind} probe of ${endpoint(series.vmAddress, series.vmPort)}${series.path ?? ""}`;
}

/** Display filter for the probes of one endpoint. */
export function probeFilter(series: ProbeSeriesFact): string {
  return `${addressFilter(series.platformAddress)} && ${addressFilter(series.vmAddress)} && tcp.port == ${series.vmPort}`;
}

/** One finding for each series in which probes match; `and` narrows the display filter. */
export function* findingsBySeries(
  facts: Facts,
  matches: (probe: ProbeFact) => boolean,
  textsOf: (
    series: ProbeSeriesFact,
    group: readonly ProbeFact[],
    told: string,
  ) => { summary: string; title?: string; cause?: string; remedy?: string },
  and: string = "",
): Iterable<Finding> {
  for (const series of facts.probes) {
    const group = series.probes.filter(matches);
    if (group.length === 0) continue;
    const found = new Case();
    for (const probe of group)
      found.add(
        probe.flow,
        probe.packets.map((index) => facts.packet(index)),
      );
    const last = series.probes.filter((probe) => probe.outcome !== null).at(-1);
    const told = `${count(group.length)} of ${count(series.probes.length)} (${probeName(series)})${last?.outcome === "succeeded" ? "; the last one succeeded" : ""}`;
    const finding = found.finding({
      ...textsOf(series, group, told),
      displayFilter: and === "" ? probeFilter(series) : `${probeFilter(series)} && ${and}`,
    });
    if (finding !== null) yield finding;
  }
}
