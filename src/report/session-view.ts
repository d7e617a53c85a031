/** A live session as the terminal UI sees it: numbers and snapshots to be pulled, and the few things that can be asked of it. */
import type { PacketLines } from "./packet-line.ts";
import type { ReportView } from "./report-view.ts";

/** Programs that capture. */
export type BackendName = "cap" | "tcpdump" | "dumpcap";

/** Who stamps packets: the child on arrival, or the kernel. */
export type CaptureClock = "arrival" | "kernel";

/** Why a session ended. */
export type EndReason = "interrupt" | "terminate" | "duration" | "packets" | "failure";

/** One NIC that the session watches or waits for. */
export interface NicStatus {
  name: string;
  mac: string | null;
  addresses: readonly string[];
  primary: boolean | null;
  /** lost: down, gone, or its capture ended; it is tried again. */
  state: "starting" | "watching" | "lost";
  /** Null unless lost: a gap's reason, such as "interface-down". */
  reason: string | null;
  /** Index in `Report.capture.sources`. */
  source: number;
  packets: number;
  /** Null where the backend cannot tell, or has not told yet. */
  droppedPackets: number | null;
  /** A mean over the last seconds. */
  packetsPerSecond: number;
}

/** What becomes of the packets. */
export interface RecordingStatus {
  /** The file that is being written. */
  path: string;
  bytes: number;
  packets: number;
  state: "recording" | "stopped";
  /** Why it stopped by itself, as a sentence; null otherwise. */
  problem: string | null;
}

/** Something that a person should know of the session. */
export interface SessionWarning {
  /** RFC 3339 in UTC. */
  at: string;
  /** A fixed word such as "recording-stopped". */
  code: string;
  message: string;
}

/** The session at one moment. A new object for each call. */
export interface SessionStatus {
  state: "starting" | "watching" | "ended";
  /** Null until it has ended. */
  endReason: EndReason | null;
  backend: BackendName;
  clock: CaptureClock;
  /** The kernel filter, in the language of pcap-filter(7). */
  filter: string;
  /** RFC 3339 in UTC. */
  startedAt: string;
  elapsedMs: number;
  nics: readonly NicStatus[];
  packets: number;
  platformPackets: number;
  /** The sum of what the NICs tell; null when one of them cannot tell. */
  droppedPackets: number | null;
  packetsPerSecond: number;
  platformPacketsPerSecond: number;
  /** Null when nothing is or was recorded. */
  recording: RecordingStatus | null;
  /** The latest ones, oldest first. */
  warnings: readonly SessionWarning[];
  /** What bounded memory let go: of finished flows only the counters stay. */
  letGo: { flows: number; packets: number };
}

/** A live session. It never throws from what happens on the network: that becomes a state, a gap or a warning. */
export interface LiveSession {
  /** Begins to capture; settles when the first NIC is watched. Rejects with a sentence and a hint when nothing can be captured. */
  start(): Promise<void>;
  /** Ends the capture, takes in what was captured, and settles with `ended`. */
  stop(reason?: EndReason): Promise<void>;
  /** Settles when the session has ended; `report()` is then the final one. */
  readonly ended: Promise<EndReason>;
  status(): SessionStatus;
  /** Grows whenever `report()` would tell something new. */
  readonly revision: number;
  /** The report as things stand, made anew at most when `revision` has grown. Valid until the next turn of the event loop. */
  report(): ReportView;
  /** Quotes packets of the report. */
  packetLines(): PacketLines;
  /** Records what is captured from now on. A recording that runs is ended first. */
  startRecording(path: string): void;
  stopRecording(): void;
}
