/** A regular series of probes ends while the capture goes on. */
import { count } from "../report/values.ts";
import { Case } from "./case.ts";
import { isOneWay } from "./claim-limits.ts";
import type { Facts, ProbeSeriesFact } from "./facts.ts";
import { probeFilter, probeName } from "./probed.ts";
import type { Finding, Rule } from "./rule.ts";
import { duration } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const probeStopped: Rule = {
  id: "probe-stopped",
  severity: "warning",
  group: "health-probes",
  title: "The load balancer's probes stopped coming",
  cause:
    "The VM was taken out of the backend pool, the probe or rule was deleted, or a network security group now denies the service tag AzureLoadBalancer.",
  remedy:
    "In the portal: see that the VM's NIC is in the backend pool, that a load-balancing rule uses the probe, and that no rule denies the service tag AzureLoadBalancer inbound before AllowAzureLoadBalancerInBound.",
  detection:
    "At least four probes of an endpoint came regularly, and then none for at least three intervals while the capture went on.",
  confirm: "Network Watcher: IP flow verify from 168.63.129.16 to the probed port.",
  source: "What is IP address 168.63.129.16 (documentation); azure-docs issue 16631",
  absence: true,
  thresholds: [
    "probeStoppedMinimumProbes",
    "probeStoppedIntervals",
    "probeIntervalMs",
    "oneWayPercent",
    "oneWayMinimumFlows",
  ],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const { endedNs } = facts.capture;
    if (endedNs === null || isOneWay(facts, thresholds)) return;
    for (const series of facts.probes) {
      const last = series.probes.at(-1);
      if (last === undefined || series.probes.length < thresholds.probeStoppedMinimumProbes) continue;
      const intervalMs = series.intervalMs ?? thresholds.probeIntervalMs;
      const silentMs = (endedNs - last.startedNs) / 1e6 - intervalMs;
      if (silentMs < thresholds.probeStoppedIntervals * intervalMs || !isRegular(series, intervalMs)) continue;
      const found = new Case();
      found.add(
        last.flow,
        last.packets.map((index) => facts.packet(index)),
      );
      const finding = found.finding({
        summary: `${probeName(series)} came every ${duration(intervalMs)}, ${count(series.probes.length)} times, and then not for ${duration(silentMs)}.`,
        displayFilter: probeFilter(series),
      });
      if (finding !== null) yield finding;
    }
  },
};

/** True when three quarters of the distances lie within half and one and a half times the interval. */
function isRegular(series: ProbeSeriesFact, intervalMs: number): boolean {
  const distances = series.probes
    .slice(1)
    .map((probe, at) => (probe.startedNs - (series.probes[at]?.startedNs ?? probe.startedNs)) / 1e6);
  const near = distances.filter((distance) => distance >= intervalMs * 0.5 && distance <= intervalMs * 1.5);
  return near.length * 4 >= distances.length * 3;
}
