/** What a live session is started with. */
import type { AnalysisOptions } from "../analyzer.ts";
import type { Backend } from "../capture/live/backends.ts";
import type { ChildStarter } from "../capture/live/child.ts";
import type { HostInterface } from "../capture/live/interfaces.ts";
import type { StateOf } from "../capture/live/nic-capture.ts";
import type { RecordingOptions } from "../capture/live/recording.ts";

/** The host as the session sees it; tests give their own. */
export interface SessionHost {
  interfaces(): HostInterface[];
  stateOf: StateOf;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface SessionOptions {
  analysis: AnalysisOptions;
  /** Best first: the next one is tried when one cannot be used. */
  backends: readonly Backend[];
  starter: ChildStarter;
  host: SessionHost;
  /** Interfaces by name; empty for all NICs that are up. */
  interfaces: readonly string[];
  /** Narrows the kernel filter; empty for no narrowing. */
  filter: string;
  /** What is recorded from the start on; null for nothing. Its `path` is the user's. */
  recording: RecordingOptions | null;
  /** Milliseconds after which the session ends by itself, and packets; null for no bound. */
  durationMs: number | null;
  maxPackets: number | null;
}
