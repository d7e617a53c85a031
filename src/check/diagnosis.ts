/**
 * Where traffic to one port stops, from three witnesses: what the program was told, what the wire showed, and what the VM's own rules say. The
 * wire is believed first, then the rules; without either, silence is "unknown" and never blamed on anybody.
 */
import type { ConnectOutcome, FirewallFinding } from "../report/check-report.ts";
import type { Report } from "../report/report.ts";
import { DNS_PORT, HOSTGA_PLUGIN_PORT, WIRESERVER_PORT } from "../service/platform.ts";
import type { DoneTests } from "./check-test.ts";
import { outcomeOf } from "./connect.ts";
import { attemptsOf, flowsOf, type Sighting, sightingOf } from "./wire.ts";

/** All that is known when the tests are done. */
export interface Evidence {
  address: string;
  done: Readonly<DoneTests>;
  /** What the captured packets showed; null without a capture. */
  report: Report | null;
  /** Of this process; null where the system has none. */
  uid: number | null;
}

/** Where it stops. */
export type Stop =
  | "none"
  | "blocked-outbound"
  | "blocked-inbound"
  | "gateway-silent"
  | "refused"
  | "unanswered"
  | "unknown";

/** The state of one port. */
export interface PortDiagnosis {
  protocol: "tcp" | "udp";
  port: number;
  stop: Stop;
  /** Null without a capture, or when it does not tell. */
  sighting: Sighting | null;
  /** The VM's rule that stops it. */
  finding: FirewallFinding | null;
}

/** Tests that say whether a port can be used, and how its service answers. */
const PORT_TESTS = [
  { protocol: "tcp", port: WIRESERVER_PORT, opens: "tcp-80", answers: "http-versions" },
  { protocol: "tcp", port: HOSTGA_PLUGIN_PORT, opens: "tcp-32526", answers: "hostga-versions" },
] as const;

/** WireServer's and HostGAPlugin's ports. */
export function diagnosePorts(evidence: Evidence): PortDiagnosis[] {
  return PORT_TESTS.map(({ protocol, port, opens, answers }): PortDiagnosis => {
    const outcomes = evidence.done[opens]?.details.tries.map((one) => one.outcome) ?? [];
    if (!outcomes.includes("connected")) {
      const sighting = sightingOf(evidence.report, attemptsOf(opens, evidence.done), wasWatched(evidence));
      const isGatewaySilent = evidence.done[opens]?.details.nextHop === "unreachable";
      return diagnose(evidence, { protocol, port }, outcomes[0] ?? "failed", sighting, isGatewaySilent);
    }
    const answer = evidence.done[answers];
    if (answer?.result !== "failed") return { protocol, port, stop: "none", sighting: null, finding: null };
    return diagnose(
      evidence,
      { protocol, port },
      outcomeOf(answer.details.error ?? ""),
      dataSighting(evidence, answers),
    );
  });
}

/** DNS over UDP and TCP. */
export function diagnoseDns(evidence: Evidence): PortDiagnosis[] {
  return (["dns-udp", "dns-tcp"] as const).map((id): PortDiagnosis => {
    const test = evidence.done[id];
    const protocol = id === "dns-udp" ? "udp" : "tcp";
    const isFine = test === undefined || test.details.rcode !== null || test.result === "skipped";
    if (isFine) return { protocol, port: DNS_PORT, stop: "none", sighting: null, finding: null };
    const sighting = sightingOf(evidence.report, attemptsOf(id, evidence.done), wasWatched(evidence));
    return diagnose(evidence, { protocol, port: DNS_PORT }, outcomeOf(test.details.error ?? ""), sighting);
  });
}

function diagnose(
  { done }: Evidence,
  { protocol, port }: Pick<PortDiagnosis, "protocol" | "port">,
  outcome: ConnectOutcome,
  sighting: Sighting | null,
  isGatewaySilent: boolean = false,
): PortDiagnosis {
  const findings =
    done.firewall?.details.findings.filter((one) => one.protocol === protocol && one.port === port) ?? [];
  const ruleFor = (direction: FirewallFinding["direction"]): FirewallFinding | null => {
    const own = findings.filter((one) => one.direction === direction);
    return own.find((one) => one.effect === "drops" || one.effect === "rejects") ?? own[0] ?? null;
  };
  const stop = (): Stop => {
    if (outcome === "not-permitted") return "blocked-outbound";
    if (sighting === "turned-down") return "refused";
    if (sighting === "answered") return "blocked-inbound";
    if (sighting === "no-answer") return "unanswered";
    if (isGatewaySilent) return "gateway-silent";
    if (sighting === "never-left") return "blocked-outbound";
    if (isCertain(ruleFor("outbound"))) return "blocked-outbound";
    if (isCertain(ruleFor("inbound"))) return "blocked-inbound";
    const wereRulesRead = done.firewall?.result === "passed";
    if (!wereRulesRead) return "unknown";
    return outcome === "refused" || outcome === "unreachable" ? "refused" : "unanswered";
  };
  const where = stop();
  const finding =
    where === "blocked-outbound" ? ruleFor("outbound") : where === "blocked-inbound" ? ruleFor("inbound") : null;
  return { protocol, port, stop: where, sighting, finding };
}

/** For a connection that was made: data of the platform that came and did not reach the program. */
function dataSighting({ report, done }: Evidence, id: "http-versions" | "hostga-versions"): Sighting | null {
  if (report === null) return null;
  const flows = flowsOf(report, attemptsOf(id, done));
  if (flows.length === 0) return null;
  if (flows.some((flow) => flow.tcp?.ending === "reset-by-platform")) return "turned-down";
  return flows.some((flow) => flow.payloadBytes.fromPlatform > 0) ? "answered" : "no-answer";
}

/** The NIC of the route was captured from beginning to end, or all NICs were when the route's is not known. */
export function wasWatched({ report, done }: Evidence): boolean {
  const sources = report?.capture.sources ?? [];
  const nic = done.route?.details.interface ?? null;
  const own = nic === null ? sources : sources.filter((source) => source.name === nic);
  return own.length > 0 && own.every((source) => source.live === null || source.live.gaps.length === 0);
}

function isCertain(finding: FirewallFinding | null): boolean {
  return finding !== null && finding.effect !== "may-drop";
}
