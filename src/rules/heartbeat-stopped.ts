/** The agent's polling was regular, and stops before the capture ends. */
import { count } from "../report/values.ts";
import { Case } from "./case.ts";
import { isOneWay } from "./claim-limits.ts";
import { isAgentTraffic, packetsOfExchange } from "./exchanges.ts";
import type { Facts } from "./facts.ts";
import { agentPolls, type Polls, regularPeriodNs } from "./polling.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, duration, platformFilter } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const heartbeatStopped: Rule = {
  id: "heartbeat-stopped",
  severity: "critical",
  group: "vm-agent",
  title: "The VM agent's polling stopped",
  cause:
    "The agent stopped, hangs, or lost its way out (route, NIC or output rule changed). The platform shows the VM as not ready some minutes later.",
  remedy:
    'Restart the agent and read its log around that time. Linux: "systemctl restart walinuxagent || systemctl restart waagent", then "tail -50 /var/log/waagent.log". Windows: Restart-Service WindowsAzureGuestAgent, RdAgent.',
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
    const polls = agentPolls(facts, thresholds);
    const stopped: Stopped[] = [];
    for (const one of polls) {
      const periodNs = regularPeriodNs(one.timesNs, thresholds);
      if (periodNs === null) continue;
      const leastNs = periodNs * thresholds.heartbeatStoppedPeriods;
      if (endedNs - (one.last.requestedNs ?? 0) >= leastNs) stopped.push({ polls: one, periodNs, leastNs });
    }
    if (stopped.length === 0) return;
    const tries = lastTries(facts);
    const silent = stopped.filter(({ polls: one, leastNs }) => endedNs - lastTryOf(tries, one) >= leastNs);
    const [first] = silent;
    if (first === undefined) return;
    // A session goes on: the silence may end.
    const until = facts.capture.live ? "" : " to the end of the capture";
    const found = new Case();
    for (const { polls: one } of silent) found.add(one.last.flow, packetsOfExchange(facts, one.last));
    const { vmAddress, timesNs, last } = first.polls;
    const whose = polls.length === 1 ? "" : ` of ${vmAddress}`;
    const others =
      silent.length === 1 ? "" : `; likewise ${counted(silent.length - 1, "other VM address", "other VM addresses")}`;
    const finding = found.finding({
      summary: `${count(timesNs.length)} polls (${last.operation})${whose}, one every ${duration(first.periodNs / 1e6)}, and then nothing for ${duration((endedNs - lastTryOf(tries, first.polls)) / 1e6)}${until}${others}.`,
      displayFilter: `${platformFilter(facts)} && tcp.port in {80, 32526}`,
    });
    if (finding !== null) yield finding;
  },
};

/** Regular polls that ended early. */
interface Stopped {
  readonly polls: Polls;
  readonly periodNs: number;
  /** How long nothing must have been tried. */
  readonly leastNs: number;
}

/** When a VM last opened a connection to the agent's servers, by its address and by its MAC; and when any did that shows no MAC. */
interface LastTries {
  readonly byAddress: Map<string, number>;
  readonly byMac: Map<string, number>;
  anyNs: number;
  withoutMacNs: number;
}

function lastTries(facts: Facts): LastTries {
  const tries: LastTries = {
    byAddress: new Map(),
    byMac: new Map(),
    anyNs: Number.NEGATIVE_INFINITY,
    withoutMacNs: Number.NEGATIVE_INFINITY,
  };
  for (const flow of facts.flows) {
    if (!isAgentTraffic(flow) || flow.initiator === "platform") continue;
    const { vmAddress, vmMac, startedNs } = flow;
    tries.anyNs = Math.max(tries.anyNs, startedNs);
    noteLatest(tries.byAddress, vmAddress, startedNs);
    if (vmMac === null) tries.withoutMacNs = Math.max(tries.withoutMacNs, startedNs);
    else noteLatest(tries.byMac, vmMac, startedNs);
  }
  return tries;
}

function noteLatest(latest: Map<string, number>, key: string, atNs: number): void {
  latest.set(key, Math.max(latest.get(key) ?? atNs, atNs));
}

/** The last thing that the VM tried, by the same measure as `isSameVm`. */
function lastTryOf(tries: LastTries, { vmAddress, vmMac, last }: Polls): number {
  const polledNs = last.requestedNs ?? 0;
  if (vmMac === null) return Math.max(polledNs, tries.anyNs);
  return Math.max(
    polledNs,
    tries.withoutMacNs,
    tries.byAddress.get(vmAddress) ?? polledNs,
    tries.byMac.get(vmMac) ?? polledNs,
  );
}
