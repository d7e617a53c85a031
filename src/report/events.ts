/**
 * What a live session tells as it happens, one object a line: contract version 1. The records inside are those of the report. A flow's
 * and an anomaly's `id`, `flows`, `anomalies` and `packets` are those of the report at that moment.
 */
import type { Anomaly, DhcpExchange, DnsTransaction, Flow, HttpExchange } from "./report.ts";

/** An event with its time. */
export type LiveEvent = EventStamp & LiveEventBody;

/** What every event has. */
export interface EventStamp {
  schemaVersion: 1;
  /** When it was told, RFC 3339 in UTC. */
  at: string;
}

/** What happened. */
export type LiveEventBody =
  | SessionStarted
  | InterfaceChanged
  | FlowChanged
  | { event: "dns"; transaction: DnsTransaction }
  | { event: "dhcp"; exchange: DhcpExchange }
  | { event: "http"; exchange: HttpExchange }
  | { event: "probe-transition"; vm: { address: string; port: number }; to: "up" | "down" }
  | AnomalyChanged
  | SessionWarned
  | SessionCounters
  | SessionEnded;

/** The session watches; once, and first. */
export interface SessionStarted {
  event: "session-started";
  interfaces: { name: string; mac: string | null; primary: boolean | null; backend: string; clock: string }[];
}

/** A NIC went away or came back. */
export interface InterfaceChanged {
  event: "interface-lost" | "interface-back";
  interface: string;
  /** A gap's reason: "interface-down", "interface-gone", "backend-died", "backend-stalled"; or "new" for a NIC that was not there before. */
  reason: string;
}

/** A conversation began, or ended by FIN, reset or silence. */
export interface FlowChanged {
  event: "flow-opened" | "flow-closed";
  flow: Flow;
}

/** updated: it happened again. cleared: it has not happened for a while, or proved wrong. */
export interface AnomalyChanged {
  event: "anomaly-raised" | "anomaly-updated" | "anomaly-cleared";
  anomaly: Anomaly;
}

/** A full disk, a filter that could not be widened, ... */
export interface SessionWarned {
  event: "warning";
  code: string;
  message: string;
}

/** The heartbeat: counts since the session began. */
export interface SessionCounters {
  event: "counters";
  packets: number;
  platformPackets: number;
  /** Null where the backend cannot tell. */
  droppedPackets: number | null;
  flows: number;
  anomalies: number;
}

/** Nothing follows. */
export interface SessionEnded {
  event: "session-ended";
  reason: "interrupt" | "terminate" | "duration" | "packets" | "failure";
}
