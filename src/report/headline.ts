/** The answer in one line: what is broken first. */
import { endsSource } from "../capture/problems.ts";
import { PLATFORM_IN_TUNNEL } from "./build-tunnels.ts";
import type { Anomaly, CaptureSummary, PlatformSummary, RuleSelection, ServiceName, ServiceSummary } from "./report.ts";
import type { ReportView } from "./report-view.ts";
import { shown, UNKNOWN, withShortInstants } from "./values.ts";

/** What services are called in text for people. */
export const SERVICE_TITLES: Readonly<Record<ServiceName, string>> = {
  wireserver: "WireServer",
  "hostga-plugin": "HostGAPlugin",
  dns: "DNS",
  dhcp: "DHCP",
  "health-probe": "Health probes",
  heartbeat: "Heartbeat",
  icmp: "ICMP",
  other: "Other traffic",
};

/** The capture holds traffic of the service, whether or not it tells how the service is. */
export function isShown({ flows }: Pick<ServiceSummary, "flows">): boolean {
  return flows > 0;
}

/** A verdict for people. */
export function verdictWord({ verdict, flows }: Pick<ServiceSummary, "verdict" | "flows">): string {
  if (verdict !== "not-seen") return verdict;
  return isShown({ flows }) ? "unknown" : "not seen";
}

/** Traffic that is no service: it says nothing about the platform's health. */
const UNNAMED: readonly ServiceName[] = ["icmp", "other"];

/** State over all services; "not-seen" when the capture holds nothing to judge. */
export type OverallState = "failing" | "degraded" | "healthy" | "not-seen";

/** The state, and a sentence that says why. */
export interface Headline {
  state: OverallState;
  /** The state for people: "failing", "nothing seen", ... */
  word: string;
  text: string;
  /** What to do when there was nothing to judge; null otherwise. */
  advice: string | null;
}

/** What a headline is made from. */
export type HeadlineSource = Pick<ReportView, "services" | "anomalies" | "capture" | "platform" | "ruleSelection">;

/**
 * The headline of a report. Anomalies are most severe first, so the first one leads; what could not be read, and rules that did not run, are
 * no good news.
 */
export function headlineOf({ services, anomalies, capture, platform, ruleSelection }: HeadlineSource): Headline {
  const { state, text } = stateOf({ services, anomalies, capture });
  const isWhole = !capture.problems.some(({ code }) => endsSource(code));
  const isSeen = services.some((one) => isShown(one) && !UNNAMED.includes(one.service));
  const parts = [text];
  if (!isWhole) parts.push("the capture could be read only in part");
  const isMisnamed = capture.problems.some(({ code }) => code === "primary-nic-not-seen");
  if (isMisnamed && !isLive(capture)) parts.push("the primary NIC that was named is not in the capture");
  if (ruleSelection !== null) parts.push(selectionText(ruleSelection));
  return {
    state,
    word: state !== "not-seen" ? state : isSeen ? "unknown" : "nothing seen",
    text: parts.join("; "),
    advice: state !== "not-seen" || isSeen ? null : captureAdvice(capture, platform, services.some(isShown)),
  };
}

/** The heading above the anomalies: notices alone are nothing wrong. */
export function anomaliesTitle(anomalies: readonly Anomaly[]): string {
  return anomalies.some(({ severity }) => severity !== "notice") ? "What is wrong" : "Worth knowing";
}

/** Rules that are named in the headline. */
const NAMED_RULES = 3;

function selectionText({ ran, leftOut }: RuleSelection): string {
  if (ran.length <= NAMED_RULES) return `of the rules only ${joined(ran)} ran`;
  if (leftOut.length > NAMED_RULES) return `${leftOut.length} of ${ran.length + leftOut.length} rules were left out`;
  return leftOut.length === 1
    ? `the rule ${joined(leftOut)} was left out`
    : `the rules ${joined(leftOut)} were left out`;
}

function isLive({ sources }: CaptureSummary): boolean {
  return sources.some(({ live }) => live !== null);
}

/** How to capture what can be judged; null where the problems of the capture say it. The VM agent asks every six seconds. */
function captureAdvice(capture: CaptureSummary, { addresses }: PlatformSummary, isUsed: boolean): string | null {
  const { packets, platformPackets, sources, problems } = capture;
  if (problems.some(({ code }) => code === PLATFORM_IN_TUNNEL) || (platformPackets > 0 && !isUsed)) return null;
  if (isLive(capture))
    return 'The VM agent asks every few seconds: when nothing comes within a minute, it does not run, or has no way out. "vipscope check" tests the way';
  if (platformPackets > 0) return "Capture for a minute or more: the VM agent asks every few seconds";
  const names = [...new Set(sources.flatMap(({ interfaces }) => interfaces.map(({ name }) => shown(name))))];
  const [only = ""] = names;
  const from = names.length !== 1 || only === "any" || only === UNKNOWN ? "" : `, not ${only} alone`;
  const hosts = addresses.filter(({ address }) => !address.startsWith("fe80:")).map(({ address }) => `host ${address}`);
  const other = packets === 0 ? "" : "; where the platform has another address (Classic), name it with --platform";
  return `Capture on the VM's primary NIC or on all${from}, for a minute or more, as the VM agent asks every few seconds: "tcpdump -i any -w vm.pcap ${hosts.join(" or ")}"${other}`;
}

type State = Pick<Headline, "state" | "text">;

function stateOf({ services, anomalies, capture }: Pick<ReportView, "services" | "anomalies" | "capture">): State {
  const worst = anomalies.find((anomaly) => anomaly.severity !== "notice");
  const failing = services.filter((service) => service.verdict === "failing");
  if (failing.length > 0) {
    return { state: "failing", text: `${titles(failing)} ${isAre(failing)} failing${reason(failing, anomalies)}` };
  }
  const degraded = services.filter((service) => service.verdict === "degraded");
  if (degraded.length > 0) {
    return {
      state: "degraded",
      text: `${titles(degraded)} ${faultily(degraded)}${reason(degraded, anomalies)}`,
    };
  }
  if (worst !== undefined) {
    return { state: "degraded", text: `${worst.title}${more(anomalies)}` };
  }
  const shown = services.filter((one) => isShown(one) && !UNNAMED.includes(one.service));
  const working = shown.filter((service) => service.verdict === "healthy");
  if (working.length > 0)
    return {
      state: "healthy",
      text: `${titles(working)} ${worksWork(working)}; nothing is wrong${notices(anomalies)}`,
    };
  // What never came to its end, as in a capture of one direction, is not known to work.
  if (shown.length > 0) {
    const text = `nothing of ${titles(shown)} came to its end, so that nobody knows whether ${isPlural(shown) ? "they work" : "it works"}${notices(anomalies)}`;
    return { state: "not-seen", text };
  }
  const isUsed = services.some(isShown);
  return { state: "not-seen", text: isUsed ? "no service of the platform was used" : nothingSeen(capture) };
}

/** What the analysis did not look into, or could not read, is not nothing. */
function nothingSeen({ problems, platformPackets }: CaptureSummary): string {
  if (problems.some(({ code }) => code === PLATFORM_IN_TUNNEL))
    return "traffic with the platform address was seen within a tunnel alone, and not analysed";
  return platformPackets > 0
    ? "packets with the platform address were seen, and none of them could be decoded"
    : "no traffic with the platform address was seen";
}

function reason(services: readonly ServiceSummary[], anomalies: readonly Anomaly[]): string {
  const leading = Math.min(...services.flatMap((service) => service.anomalies));
  const anomaly = anomalies[leading];
  if (anomaly === undefined)
    return services.length === 1 ? `: ${withShortInstants(withoutStop(services[0]?.summary ?? ""))}` : "";
  return `: ${anomaly.title}${more(anomalies)}`;
}

function more(anomalies: readonly Anomaly[]): string {
  const others = anomalies.filter((anomaly) => anomaly.severity !== "notice").length - 1;
  return others > 0 ? ` (and ${others} more)` : "";
}

function notices(anomalies: readonly Anomaly[]): string {
  if (anomalies.length === 0) return "";
  return anomalies.length === 1 ? " (1 notice)" : ` (${anomalies.length} notices)`;
}

function withoutStop(sentence: string): string {
  return sentence.endsWith(".") ? sentence.slice(0, -1) : sentence;
}

function titles(services: readonly ServiceSummary[]): string {
  return joined(services.map((service) => SERVICE_TITLES[service.service]));
}

/** "a, b and c". */
function joined(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** "Health probes" alone is a plural; everything else that stands alone is not. */
function isPlural(services: readonly ServiceSummary[]): boolean {
  return services.length > 1 || services[0]?.service === "health-probe";
}

function isAre(services: readonly ServiceSummary[]): string {
  return isPlural(services) ? "are" : "is";
}

/** What never succeeded is not said to work. */
function faultily(services: readonly ServiceSummary[]): string {
  if (services.every(({ succeeded }) => succeeded > 0)) return `${worksWork(services)} with faults`;
  return `${isPlural(services) ? "have" : "has"} faults`;
}

function worksWork(services: readonly ServiceSummary[]): string {
  return isPlural(services) ? "work" : "works";
}
