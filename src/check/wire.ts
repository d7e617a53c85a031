/** What the check's own packets show of one attempt: did it leave the VM, and did an answer come? */
import type { CheckDetails, CheckTestId, CheckTestOf } from "../report/check-report.ts";
import type { Flow, Report } from "../report/report.ts";
import { DNS_PORT, WIRESERVER_PORT } from "../service/platform.ts";
import type { DoneTests } from "./check-test.ts";
import { milliseconds } from "./texts.ts";

/** One end of an attempt. */
export interface Attempt {
  protocol: "tcp" | "udp";
  localPort: number;
  platformPort: number;
}

/** What happened to attempts on the wire. */
export type Sighting =
  /** Nothing of them was captured, though capture ran on the NIC. */
  | "never-left"
  /** They left, and nothing came back. */
  | "no-answer"
  /** A reset, or an ICMP error, came back. */
  | "turned-down"
  /** An answer came back. */
  | "answered";

/** Flows of the report that are attempts of the check. */
export function flowsOf(report: Pick<Report, "flows">, attempts: readonly Attempt[]): Flow[] {
  return report.flows.filter((flow) =>
    attempts.some(
      (one) =>
        flow.protocol === one.protocol &&
        flow.vm.port === one.localPort &&
        flow.platform.port === one.platformPort &&
        flow.initiator !== "platform",
    ),
  );
}

/** The sum of what their packets show. `wasWatched`: the NIC that they would leave by was captured. Null when nothing can be said. */
export function sightingOf(report: Report | null, attempts: readonly Attempt[], wasWatched: boolean): Sighting | null {
  if (report === null || attempts.length === 0) return null;
  const flows = flowsOf(report, attempts);
  if (flows.length === 0) return wasWatched ? "never-left" : null;
  if (flows.some((flow) => flow.tcp?.outcome === "refused" || flow.tcp?.outcome === "rejected")) return "turned-down";
  return flows.some((flow) => flow.packets.fromPlatform > 0) ? "answered" : "no-answer";
}

/** The attempts of one test. */
export function attemptsOf(id: CheckTestId, done: Readonly<DoneTests>): Attempt[] {
  switch (id) {
    case "tcp-80":
    case "tcp-32526": {
      const details = done[id]?.details;
      const ports = details?.tries.map((one) => one.localPort) ?? [];
      return ports.flatMap((port) => tcpAttempt(port, details?.port ?? 0));
    }
    case "http-versions":
    case "hostga-versions":
      return tcpAttempt(done[id]?.details.localPort ?? null, done[id]?.details.port ?? 0);
    case "dns-udp":
    case "dns-tcp":
    case "dns-reverse":
      return dnsAttempt(done[id]?.details ?? null);
    case "secondary-nics":
      return (done[id]?.details.nics ?? []).flatMap((one) => tcpAttempt(one.localPort, WIRESERVER_PORT));
    case "interfaces":
    case "address":
    case "primary-nic":
    case "route":
    case "dhcp-lease":
    case "hops":
    case "firewall":
    case "proxy":
      return [];
    default:
      return id satisfies never;
  }
}

function tcpAttempt(localPort: number | null, platformPort: number): Attempt[] {
  return localPort === null ? [] : [{ protocol: "tcp", localPort, platformPort }];
}

function dnsAttempt(details: CheckDetails["dns-udp"] | null): Attempt[] {
  if (details === null || details.localPort === null) return [];
  return [{ protocol: details.transport, localPort: details.localPort, platformPort: DNS_PORT }];
}

/** A test of a port with the times that its handshakes took on the wire, which the program's own load does not blur. */
export function withWireTimes<Id extends "tcp-80" | "tcp-32526">(
  test: CheckTestOf<Id>,
  flows: readonly Flow[],
): CheckTestOf<Id> {
  const wireMsOf = (localPort: number | null): number | null =>
    flows.find((flow) => flow.vm.port === localPort)?.tcp?.handshakeMs ?? null;
  const tries = test.details.tries.map((one) => ({ ...one, wireMs: wireMsOf(one.localPort) }));
  const times = tries.flatMap(({ wireMs }) => (wireMs === null ? [] : milliseconds(wireMs)));
  const summary = times.length === 0 ? test.summary : `${test.summary} On the wire: ${times.join(", ")}.`;
  return { ...test, summary, details: { ...test.details, tries } };
}
