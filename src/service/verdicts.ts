/**
 * Each service's answer. Failing: nothing that it tried at the end of the capture succeeded. Degraded: it works, with a critical or warning
 * anomaly. Healthy: it works without. Not seen: no traffic of it, or none that came to its end. A fault that was over before the end leaves it
 * degraded, and the sentence says when it was over.
 */
import type { ServiceName, ServiceVerdict, Severity } from "../report/report.ts";
import { SERVICES } from "../report/service-names.ts";
import { count, counted } from "../report/values.ts";
import { type Activity, gatherActivity } from "./activity.ts";
import { Attempts } from "./attempts.ts";
import { heartbeatOf } from "./heartbeat.ts";
import { isUp } from "./probe-outcomes.ts";
import type { HeartbeatRecord, ServiceRecord } from "./records.ts";
import type { ServiceCounts, Services, TrackedTables } from "./services.ts";

/** An anomaly, as far as a verdict needs it. */
export interface ServiceFault {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly lastNs: number;
}

/** What verdicts are made from. */
export interface VerdictSource {
  readonly services: Services;
  readonly tables: TrackedTables;
  /** A service's anomalies, most severe first. */
  readonly faultsOf: (service: ServiceName) => readonly ServiceFault[];
  /** An instant in the report's words. */
  readonly instantOf: (atNs: number) => string;
}

/** Rules whose fault lasts to the end by its nature. */
const LASTING_RULES: readonly string[] = ["heartbeat-stopped"];
/** What it says is in the heartbeat's sentence. */
const NOT_READY_RULE = "agent-not-ready";

/** What one attempt of each service is called, one and several; and the traffic that is missing when it is not seen. */
const WORDS: Readonly<Record<ServiceName, { one: string; many: string; traffic: string }>> = {
  wireserver: { one: "request", many: "requests", traffic: "No traffic with port 80 of the platform" },
  "hostga-plugin": { one: "request", many: "requests", traffic: "No traffic with port 32526 of the platform" },
  dns: { one: "question", many: "questions", traffic: "No DNS traffic with the platform" },
  dhcp: { one: "exchange", many: "exchanges", traffic: "No DHCP traffic" },
  "health-probe": { one: "probe", many: "probes", traffic: "No health probe of the load balancer" },
  heartbeat: { one: "sign of life", many: "signs of life", traffic: "No sign of life of the VM agent" },
  icmp: { one: "exchange", many: "exchanges", traffic: "No ICMP" },
  other: { one: "conversation", many: "conversations", traffic: "No other traffic" },
};

/** Told only when they are seen. */
const OPTIONAL: readonly ServiceName[] = ["icmp", "other"];

/** All services' answers, in the report's order. */
export function judgeServices(source: VerdictSource): ServiceRecord[] {
  const activity = gatherActivity(source.services, source.tables);
  const heartbeat = heartbeatOf(source.services);
  const records: ServiceRecord[] = [];
  for (const service of SERVICES) {
    const own = service === "heartbeat" ? beats(heartbeat) : (activity.get(service) ?? beats(null));
    addLetGo(own, source.services.letGo.of(service));
    if (own.flows === 0 && OPTIONAL.includes(service)) continue;
    const faults = source.faultsOf(service).filter(({ severity }) => severity !== "notice");
    const verdict = verdictOf(service, own, faults, heartbeat);
    const { flows, attempts } = own;
    records.push({
      service,
      verdict,
      summary: summaryOf(service, verdict, own, faults, heartbeat, source),
      flows,
      succeeded: attempts.succeeded,
      failed: attempts.failed,
      responseMs: attempts.responseMs,
    });
  }
  return records;
}

/** Flows that a live session let go of still count. */
function addLetGo(own: Activity, letGo: ServiceCounts | undefined): void {
  if (letGo === undefined) return;
  own.flows += letGo.flows;
  own.attempts.succeeded += letGo.succeeded;
  own.attempts.failed += letGo.failed;
}

function beats(heartbeat: ReturnType<typeof heartbeatOf>): Activity {
  return heartbeat === null
    ? { flows: 0, attempts: new Attempts(), bare: 0, opened: 0 }
    : { flows: heartbeat.flows, attempts: heartbeat.attempts, bare: 0, opened: 0 };
}

function verdictOf(
  service: ServiceName,
  { flows, attempts }: Activity,
  faults: readonly ServiceFault[],
  heartbeat: HeartbeatRecord | null,
): ServiceVerdict {
  if (flows === 0) return "not-seen";
  const lasting = faults.some(({ rule }) => LASTING_RULES.includes(rule));
  if (service === "heartbeat" && (lasting || isNotReady(heartbeat))) return "failing";
  if (!OPTIONAL.includes(service) && attempts.failsAtEnd && (faults.length > 0 || attempts.succeeded === 0))
    return "failing";
  if (faults.length > 0) return "degraded";
  // Without a success nobody knows whether it works.
  return attempts.succeeded > 0 ? "healthy" : "not-seen";
}

/** The last report says NotReady, and not because the first boot is still going on. */
function isNotReady(heartbeat: HeartbeatRecord | null): boolean {
  const report = heartbeat?.lastReport;
  return report != null && report.state === "NotReady" && report.substatus !== "Provisioning";
}

function summaryOf(
  service: ServiceName,
  verdict: ServiceVerdict,
  own: Activity,
  faults: readonly ServiceFault[],
  heartbeat: HeartbeatRecord | null,
  source: VerdictSource,
): string {
  const { attempts } = own;
  const words = wordsOf(service, own);
  const saysNotReady = service === "heartbeat" && verdict === "failing" && isNotReady(heartbeat);
  const fault = faults.find(({ rule }) => !saysNotReady || rule !== NOT_READY_RULE);
  const because = fault === undefined ? "" : `: ${lowerFirst(fault.title)}`;
  switch (verdict) {
    case "not-seen":
      if (own.flows === 0) return `${WORDS[service].traffic} was captured${because}.`;
      if (!OPTIONAL.includes(service)) return `${countsText(attempts, words)}.`;
      return attempts.count === 0 ? "Nothing of it was answered." : "Nothing of it succeeded.";
    case "failing":
      return `${failingText(service, own, heartbeat, source)}${because}.`;
    case "degraded":
      return `${countsText(attempts, words)}${because}.${soundText(service, attempts, faults, source)}`;
    case "healthy":
      return service === "heartbeat" ? heartbeatText(attempts, heartbeat) : `${countsText(attempts, words)}.`;
    default:
      return never(verdict);
  }
}

/** What attempts are called where some are connections that opened and carried nothing. */
function wordsOf(service: ServiceName, { attempts, bare, opened }: Activity): { one: string; many: string } {
  const words = WORDS[service];
  if (opened === 0 || OPTIONAL.includes(service)) return words;
  if (bare === attempts.count) return { one: "connection", many: "connections" };
  return { one: words.one, many: `${words.many} and connections` };
}

function failingText(
  service: ServiceName,
  own: Activity,
  heartbeat: HeartbeatRecord | null,
  { instantOf }: VerdictSource,
): string {
  const { attempts } = own;
  const words = wordsOf(service, own);
  const { one, many } = words;
  const report = heartbeat?.lastReport;
  if (service === "heartbeat" && report != null && isNotReady(heartbeat)) {
    return `The agent reported ${report.state}${report.substatus === null ? "" : ` (${report.substatus})`} at ${instantOf(report.atNs)}`;
  }
  const failed = attempts.failedLast;
  if (failed === null) return `${countsText(attempts, words)}, and then nothing`;
  if (attempts.succeeded === 0)
    return failed.count === 1 ? `The only ${one} failed` : `All ${count(failed.count)} ${many} failed`;
  return `The last ${failed.count === 1 ? one : `${count(failed.count)} ${many}`} failed, since ${instantOf(failed.sinceNs)}`;
}

/** Since when nothing has failed any more: not while one of several VMs or probed endpoints still fails where others succeed. */
function soundText(
  service: ServiceName,
  { soundSinceNs }: Attempts,
  faults: readonly ServiceFault[],
  { instantOf, services }: VerdictSource,
): string {
  if (soundSinceNs === null) return "";
  const isSound =
    service === "health-probe"
      ? services.probes.every(({ kind, lastOutcome }) => lastOutcome === null || isUp(kind, lastOutcome))
      : faults.every(({ lastNs }) => lastNs < soundSinceNs);
  return isSound ? ` No failure since ${instantOf(soundSinceNs)}.` : "";
}

function heartbeatText(attempts: Attempts, heartbeat: HeartbeatRecord | null): string {
  const poll = heartbeat?.cadences.find(
    ({ activity }) => activity === "goal-state-poll" || activity === "vm-settings-poll",
  );
  const every = poll?.intervalMs == null ? "" : `, polling every ${secondsText(poll.intervalMs)}`;
  const report = heartbeat?.lastReport;
  const told = report == null ? "" : `; the last health report says ${report.state}`;
  const failed =
    attempts.failed === 0 ? "" : "; the agent lives, and what failed is told with the service that it asked";
  return `${countsText(attempts, WORDS.heartbeat)}${every}${told}${failed}.`;
}

function countsText({ succeeded, failed, responseMs }: Attempts, { one, many }: { one: string; many: string }): string {
  const total = succeeded + failed;
  if (total === 0) return `No ${one} came to its end`;
  const median = responseMs === null ? "" : `, median ${millisecondsText(responseMs.median)}`;
  const all = counted(total, one, many);
  return failed === 0 ? `${all} succeeded${median}` : `${count(succeeded)} of ${all} succeeded${median}`;
}

function millisecondsText(ms: number): string {
  return ms < 10 ? `${Math.round(ms * 100) / 100} ms` : ms < 1000 ? `${Math.round(ms)} ms` : secondsText(ms);
}

function secondsText(ms: number): string {
  return ms < 100 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}

/** Titles begin with a capital; within a sentence names and abbreviations alone keep theirs. */
function lowerFirst(title: string): string {
  return /^[A-Z][a-z]*[ ,']/.test(title) ? `${title.slice(0, 1).toLowerCase()}${title.slice(1)}` : title;
}

function never(verdict: never): string {
  throw new Error(`no words for ${String(verdict)}`);
}
