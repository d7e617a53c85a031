/** Makes the report of an analysis: facts, judgements, and views over the tables for the long lists. */
import { safeString } from "../bytes/text.ts";
import { RULES } from "../rules/all.ts";
import { isOneWay } from "../rules/claim-limits.ts";
import type { NicFact } from "../rules/facts.ts";
import { flowRows } from "../rules/facts-from-tables.ts";
import { FlowOrder } from "../rules/flow-order.ts";
import { directionsOf } from "../rules/flow-tally.ts";
import { judge } from "../rules/judge.ts";
import type { Rule } from "../rules/rule.ts";
import { VERSION } from "../version.ts";
import { AnomalyIndex, buildAnomalies } from "./build-anomalies.ts";
import { buildCapture } from "./build-capture.ts";
import { buildFacts, setObservedTime, tallyOf } from "./build-facts.ts";
import { buildFlow } from "./build-flows.ts";
import { limitProblems, malformedProblems } from "./build-limits.ts";
import { buildManualTests } from "./build-manual-tests.ts";
import { buildPlatform, type NicView, nicsOf } from "./build-platform.ts";
import { buildServices } from "./build-services.ts";
import { buildDhcp, buildDns, buildHttp, buildProbes, refsOf } from "./build-transactions.ts";
import { instantsFrom } from "./instants.ts";
import type { CaptureProblem, RuleSelection } from "./report.ts";
import type { ReportSource } from "./report-source.ts";
import type { ReportView } from "./report-view.ts";
import { lazyRows, mapRows } from "./rows.ts";

/** The report as things stand; its lists are views that are valid until the analysis goes on. */
export function buildReport(source: ReportSource): ReportView {
  const { tracker, services, sources } = source;
  const digits = sources.some(({ facts }) => facts.fractionDigits === 9) ? 9 : 6;
  const instantOf = instantsFrom(source.baseSeconds, digits);
  const order = new FlowOrder(tracker.flows);
  const nicView = nicsOf(tracker, services, source.namedNic, source.live);
  setObservedTime(source);
  const tally = tallyOf(source, order, nicView);
  services.time.silenceTells = !isOneWay({ capture: directionsOf(tally) }, source.thresholds);
  const { probes } = services;
  const facts = buildFacts(source, order, nicView, tally, probes);
  services.time.dnsSilenceTells = facts.capture.dnsSilenceTells;
  const judgements = judge(facts, source.rules, source.thresholds);
  const anomalies = new AnomalyIndex(judgements, facts);
  const refOf = refsOf(facts);
  const flowContext = { tables: tracker, nicOf: nicView.nicOf, nics: nicView.nics, anomalies, instantOf };
  const { counters } = tracker;
  return {
    schemaVersion: 1,
    tool: { name: "vipscope", version: VERSION },
    capture: buildCapture(sources, counters.platformPackets, problemsOf(source, nicView), instantOf),
    platform: buildPlatform(source.addresses, nicView),
    services: buildServices(source, judgements, anomalies, instantOf),
    flows: lazyRows(order.count, (id) => buildFlow(id, order.rowOf(id), flowContext)),
    dns: { transactions: mapRows(flowRows(services.dns, order), (one) => buildDns(one, instantOf, refOf)) },
    dhcp: { exchanges: mapRows(flowRows(services.dhcp, order), (one) => buildDhcp(one, instantOf, refOf)) },
    http: { exchanges: mapRows(flowRows(services.http, order), (one) => buildHttp(one, instantOf, refOf)) },
    probes: probes
      .map((series) => buildProbes(series, instantOf, (row) => order.idOf(row)))
      .filter((series) => series !== null),
    manualTests: buildManualTests(tracker, services, order, instantOf),
    anomalies: buildAnomalies(judgements, facts, instantOf, sources.length),
    limits: {
      flowsDropped: counters.flowsDropped,
      bytesNotReassembled: tracker.bytesNotReassembled,
      packetsNotDecoded: counters.packetsNotDecoded,
    },
    ruleSelection: selectionOf(source.rules),
  };
}

function selectionOf(rules: readonly Rule[]): RuleSelection | null {
  const leftOut = RULES.filter((rule) => !rules.includes(rule));
  return leftOut.length === 0 ? null : { ran: rules.map(({ id }) => id), leftOut: leftOut.map(({ id }) => id) };
}

/** Fewer packets tell nothing about times anyway. */
const TIMELESS_PACKETS = 10;

/** Sources whose packets all bear the time 0, as some converters write them. */
function timeProblems({ sources, baseSeconds }: ReportSource): CaptureProblem[] {
  return sources.flatMap(({ facts: { packets, earliestNs, latestNs } }, source) => {
    const isTimeless = baseSeconds === 0 && earliestNs === 0 && latestNs === 0;
    if (packets < TIMELESS_PACKETS || !isTimeless) return [];
    const message = "All packets bear the time 0: durations, intervals and rates mean nothing.";
    return [{ source, code: "times-missing", message, offsetBytes: null, count: 1 }];
  });
}

/** The analysis' own problems, a primary NIC that was named and is not there, what was malformed, and the bounds that were reached. */
function problemsOf(source: ReportSource, view: NicView): CaptureProblem[] {
  const { problems, tracker, services } = source;
  const message = primaryNicProblem(view);
  return [
    ...problems,
    ...timeProblems(source),
    ...(message === null ? [] : [{ source: 0, code: "primary-nic-not-seen", message, offsetBytes: null, count: 1 }]),
    ...malformedProblems(tracker, services),
    ...limitProblems(tracker, services),
  ];
}

/** NICs that a message lists. */
const TOLD_NICS = 8;

function primaryNicProblem({ unseen, misnamed, nics }: NicView): string | null {
  if (unseen !== null) return `The capture shows no packet of the primary NIC ${safeString(unseen.name)}.`;
  if (misnamed === null) return null;
  const names = nics.filter(({ inner }) => !inner).map((nic) => nicName(nic));
  const told = [
    ...names.slice(0, TOLD_NICS),
    ...(names.length > TOLD_NICS ? [`${names.length - TOLD_NICS} more`] : []),
  ];
  const shown = told.length === 0 ? "no NIC" : told.join("; ");
  return `The primary NIC ${safeString(misnamed.name)} that was named is not in the capture, and was left aside: it shows ${shown}. If the name is right, the platform's traffic here left by another NIC.`;
}

function nicName({ interface: name, mac, addresses }: NicFact): string {
  return [name === null ? null : safeString(name), mac, ...addresses].filter((part) => part !== null).join(" ");
}
