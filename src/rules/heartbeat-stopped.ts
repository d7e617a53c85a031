/** The agent's polling was regular, and stops before the capture ends. */
import { count } from "../report/values.ts";
import { Case } from "./case.ts";
import { isOneWay } from "./claim-limits.ts";
import { isAgentTraffic, packetsOfExchange } from "./exchanges.ts";
import type { Facts } from "./facts.ts";
import { agentPolls, regularPeriodNs } from "./polling.ts";
import type { Finding, Rule } from "./rule.ts";
import { duration, platformFilter } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

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
  absence: true,
  thresholds: ["heartbeatMinimumRequests", "heartbeatStoppedPeriods", "oneWayPercent", "oneWayMinimumFlows"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const { endedNs } = facts.capture;
    if (endedNs === null || isOneWay(facts, thresholds)) return;
    const most = agentPolls(facts, thresholds);
    if (most === null) return;
    const { timesNs, last } = most;
    const period = regularPeriodNs(timesNs, thresholds);
    if (period === null) return;
    const leastNs = period * thresholds.heartbeatStoppedPeriods;
    let lastTriedNs = last.requestedNs ?? 0;
    if (endedNs - lastTriedNs < leastNs) return;
    for (const flow of facts.flows) {
      if (isAgentTraffic(flow) && flow.initiator !== "platform") lastTriedNs = Math.max(lastTriedNs, flow.startedNs);
    }
    const silentNs = endedNs - lastTriedNs;
    if (silentNs < leastNs) return;
    // A session goes on: the silence may end.
    const until = facts.capture.live ? "" : " to the end of the capture";
    const found = new Case();
    found.add(last.flow, packetsOfExchange(facts, last));
    const finding = found.finding({
      summary: `${count(timesNs.length)} polls (${last.operation}), one every ${duration(period / 1e6)}, and then nothing for ${duration(silentNs / 1e6)}${until}.`,
      displayFilter: `${platformFilter(facts)} && tcp.port in {80, 32526}`,
    });
    if (finding !== null) yield finding;
  },
};
