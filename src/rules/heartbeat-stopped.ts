/** The agent's polling was regular, and stops before the capture ends. */
import { Case } from "./case.ts";
import { isOneWay } from "./claim-limits.ts";
import { isAgentRequest, packetsOfExchange } from "./exchanges.ts";
import type { Facts, HttpFact } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { duration, platformFilter } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

/** Share of the distances between polls that must lie within half and one and a half times the median, in percent. */
const REGULAR_PERCENT = 75;

export const heartbeatStopped: Rule = {
  id: "heartbeat-stopped",
  severity: "critical",
  group: "vm-agent",
  title: "The VM agent's polling stopped",
  cause:
    "The agent stopped, hangs, or lost its way out (route, NIC or output rule changed). The platform shows the VM as not ready some minutes later.",
  remedy:
    'Restart the agent and read its log around that time. Linux: "systemctl restart walinuxagent || systemctl restart waagent; tail -50 /var/log/waagent.log". Windows: Restart-Service WindowsAzureGuestAgent, RdAgent.',
  detection:
    "Goal state or vmSettings were asked for at regular intervals, and then for at least five intervals, to the end of the capture, nothing was even tried. Connections that were tried and failed are other rules.",
  confirm:
    'Linux: "systemctl status walinuxagent waagent". Windows: Get-Service WindowsAzureGuestAgent, RdAgent. The capture itself must have gone on.',
  source: "WALinuxAgent defaults (common/conf.py): goal state period 6 s; ga/monitor.py",
  thresholds: ["heartbeatMinimumRequests", "heartbeatStoppedPeriods", "oneWayPercent", "oneWayMinimumFlows"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const { endedNs } = facts.capture;
    if (endedNs === null || isOneWay(facts, thresholds)) return;
    const polls = new Map<string, Polls>();
    for (const exchange of facts.http) {
      const { operation, requestedNs } = exchange;
      if ((operation !== "goal-state" && operation !== "vm-settings") || !isAgentRequest(exchange)) continue;
      const known = polls.get(operation) ?? { timesNs: [], last: exchange };
      polls.set(operation, known);
      if (requestedNs !== null) known.timesNs.push(requestedNs);
      known.last = exchange;
    }
    // The goal state on tcp/80 is the heart of the loop; vmSettings tells as much where only that was captured.
    const [most] = [...polls.values()].sort((a, b) => b.timesNs.length - a.timesNs.length);
    if (most === undefined) return;
    const { timesNs, last } = most;
    const period = regularPeriodNs(timesNs, thresholds);
    if (period === null) return;
    const leastNs = period * thresholds.heartbeatStoppedPeriods;
    let lastTriedNs = last.requestedNs ?? 0;
    if (endedNs - lastTriedNs < leastNs) return;
    for (const flow of facts.flows) {
      const isAgents = flow.service === "wireserver" || flow.service === "hostga-plugin";
      if (isAgents && flow.initiator !== "platform") lastTriedNs = Math.max(lastTriedNs, flow.startedNs);
    }
    const silentNs = endedNs - lastTriedNs;
    if (silentNs < leastNs) return;
    const found = new Case();
    found.add(last.flow, packetsOfExchange(facts, last));
    const finding = found.finding({
      summary: `${timesNs.length} polls (${last.operation}), one every ${duration(period / 1e6)}, and then nothing for ${duration(silentNs / 1e6)} to the end of the capture.`,
      displayFilter: `${platformFilter(facts)} && tcp.port in {80, 32526}`,
    });
    if (finding !== null) yield finding;
  },
};

/** The requests for one operation: when each was made, and the last. */
interface Polls {
  readonly timesNs: number[];
  last: HttpFact;
}

/** Median distance of the requests when they come regularly; else null. */
function regularPeriodNs(timesNs: readonly number[], thresholds: Thresholds): number | null {
  if (timesNs.length < thresholds.heartbeatMinimumRequests) return null;
  const distances = new Float64Array(timesNs.length - 1);
  for (let at = 0; at < distances.length; at++) distances[at] = (timesNs[at + 1] ?? 0) - (timesNs[at] ?? 0);
  distances.sort();
  const median = distances[distances.length >> 1];
  if (median === undefined || median <= 0) return null;
  const near = distances.filter((distance) => distance >= median * 0.5 && distance <= median * 1.5);
  return near.length * 100 >= distances.length * REGULAR_PERCENT ? median : null;
}
