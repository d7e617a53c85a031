/** The answer in one line: what is broken first. */
import { endsSource } from "../capture/problems.ts";
import type { Anomaly, ServiceName, ServiceSummary } from "./report.ts";
import type { ReportView } from "./report-view.ts";
import { withShortInstants } from "./values.ts";

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

/** Traffic that is no service: it says nothing about the platform's health. */
const UNNAMED: readonly ServiceName[] = ["icmp", "other"];

/** State over all services; "not-seen" when the capture holds nothing to judge. */
export type OverallState = "failing" | "degraded" | "healthy" | "not-seen";

/** The state, and a sentence that says why. */
export interface Headline {
  state: OverallState;
  text: string;
}

/** What a headline is made from. */
export type HeadlineSource = Pick<ReportView, "services" | "anomalies" | "capture">;

/** The headline of a report. Anomalies are most severe first, so the first one leads; what could not be read is no good news. */
export function headlineOf({ services, anomalies, capture }: HeadlineSource): Headline {
  const { state, text } = stateOf({ services, anomalies });
  const isWhole = !capture.problems.some(({ code }) => endsSource(code));
  return { state, text: isWhole ? text : `${text}; the capture could be read only in part` };
}

function stateOf({ services, anomalies }: Pick<ReportView, "services" | "anomalies">): Headline {
  const worst = anomalies.find((anomaly) => anomaly.severity !== "notice");
  const failing = services.filter((service) => service.verdict === "failing");
  if (failing.length > 0) {
    return { state: "failing", text: `${titles(failing)} ${isAre(failing)} failing${reason(failing, anomalies)}` };
  }
  const degraded = services.filter((service) => service.verdict === "degraded");
  if (degraded.length > 0) {
    return {
      state: "degraded",
      text: `${titles(degraded)} ${worksWork(degraded)} with faults${reason(degraded, anomalies)}`,
    };
  }
  if (worst !== undefined) {
    return { state: "degraded", text: `${worst.title}${more(anomalies)}` };
  }
  const healthy = services.filter((service) => service.verdict === "healthy" && !UNNAMED.includes(service.service));
  if (healthy.length === 0) {
    const seen = services.some((service) => service.verdict === "healthy");
    const what = seen ? "no service of the platform was used" : "no traffic with the platform address was seen";
    return { state: "not-seen", text: what };
  }
  // What never came to its end, as in a capture of one direction, is not known to work.
  const working = healthy.filter((service) => service.succeeded > 0);
  if (working.length === 0) {
    const text = `nothing of ${titles(healthy)} came to its end, so that nobody knows whether ${isPlural(healthy) ? "they work" : "it works"}${notices(anomalies)}`;
    return { state: "not-seen", text };
  }
  return { state: "healthy", text: `${titles(working)} ${worksWork(working)}; nothing is wrong${notices(anomalies)}` };
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
  const names = services.map((service) => SERVICE_TITLES[service.service]);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}

/** "Health probes" alone is a plural; everything else that stands alone is not. */
function isPlural(services: readonly ServiceSummary[]): boolean {
  return services.length > 1 || services[0]?.service === "health-probe";
}

function isAre(services: readonly ServiceSummary[]): string {
  return isPlural(services) ? "are" : "is";
}

function worksWork(services: readonly ServiceSummary[]): string {
  return isPlural(services) ? "work" : "works";
}
