/** What a report is made from. */
import type { FlowTracker } from "../flow/tracker.ts";
import type { Rule } from "../rules/rule.ts";
import type { Thresholds } from "../rules/thresholds.ts";
import type { Services } from "../service/services.ts";
import type { ReportedSource } from "./build-capture.ts";
import type { NamedNic } from "./build-platform.ts";
import type { CaptureProblem, PlatformAddress } from "./report.ts";

/** Everything that a report is made of. */
export interface ReportSource {
  readonly tracker: FlowTracker;
  readonly services: Services;
  readonly addresses: readonly PlatformAddress[];
  /** The primary NIC when the user or the host names it. */
  readonly namedNic: NamedNic | null;
  readonly rules: readonly Rule[];
  readonly thresholds: Thresholds;
  readonly sources: readonly ReportedSource[];
  /** The second since 1970 from which all times count. */
  readonly baseSeconds: number;
  /** Problems that the analysis found, beside those of the sources. */
  readonly problems: readonly CaptureProblem[];
  /** ARP packets, which are read for the NICs' sake and are no platform packets. */
  readonly arpPackets: number;
  readonly live: boolean;
  /** Until when a live session has watched, also when no packet came; nanoseconds from the time base. Null for files. */
  readonly observedNs: number | null;
}
