/** An endpoint goes up and down at least twice. */
import { isUp } from "../service/probe-outcomes.ts";
import { Case } from "./case.ts";
import type { Facts, ProbeFact, ProbeSeriesFact } from "./facts.ts";
import { probeFilter, probeName } from "./probed.ts";
import type { Finding, Rule } from "./rule.ts";
import type { Thresholds } from "./thresholds.ts";

export const probeFlapping: Rule = {
  id: "probe-flapping",
  severity: "warning",
  group: "health-probes",
  title: "A probed endpoint goes up and down",
  cause:
    "The application is at the edge: restarts in a loop, is overloaded now and then, or its health path depends on something that flaps.",
  remedy:
    "Find what fails at the times named here, and make the probed path independent of what is behind the application; a larger probe threshold calms the load balancer meanwhile.",
  detection: "The outcome of the probes of one endpoint went from success to failure at least twice.",
  confirm: "The application's log, and the load balancer's health probe status metric.",
  source: "Azure Load Balancer health probes (documentation)",
  thresholds: ["probeFlappingMinimum"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    for (const series of facts.probes) {
      const falls = fallsOf(series);
      if (falls.length < thresholds.probeFlappingMinimum) continue;
      const found = new Case();
      for (const probe of falls)
        found.add(
          probe.flow,
          probe.packets.map((index) => facts.packet(index)),
        );
      const finding = found.finding({
        summary: `${probeName(series)} went down ${falls.length} times.`,
        displayFilter: probeFilter(series),
      });
      if (finding !== null) yield finding;
    }
  },
};

/** The probes that failed right after one that succeeded. */
function fallsOf(series: ProbeSeriesFact): ProbeFact[] {
  const finished = series.probes.filter((probe) => probe.outcome !== null);
  const up = finished.map(({ outcome }) => outcome !== null && isUp(series.kind, outcome));
  return finished.filter((_probe, at) => up[at] === false && up[at - 1] === true);
}
