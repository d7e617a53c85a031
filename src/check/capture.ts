/** Captures beside the tests with a live session, so that the wire is a witness of what the programs are told. */
import { InputError } from "../capture/input-error.ts";
import { findBackends } from "../capture/live/backends.ts";
import { DirectStarter } from "../capture/live/child.ts";
import { watchedByDefault } from "../capture/live/interfaces.ts";
import { linuxStateOf } from "../capture/live/nic-capture.ts";
import { Session } from "../live/session.ts";
import type { PacketLines } from "../report/packet-line.ts";
import type { Report } from "../report/report.ts";
import { materialize } from "../report/report-view.ts";
import { RULES } from "../rules/all.ts";
import { DEFAULT_THRESHOLDS } from "../rules/thresholds.ts";
import { VERSION } from "../version.ts";
import type { CheckHost, DoneTests } from "./check-test.ts";

/** Answers that are on their way when the last test ends, and captures that hand packets over late, have this long, in milliseconds. */
const SETTLE_MS = 300;

/** A capture that runs. */
export interface CheckCapturing {
  readonly backend: string;
  /** Why the packets are not recorded as asked; null when they are. */
  readonly recordingProblem: () => string | null;
  /** Ends it and gives what it showed. */
  finish(): Promise<Captured>;
  /** Ends it at once; its report is not wanted. */
  abandon(): Promise<void>;
}

/** What was captured. */
export interface Captured {
  report: Report;
  packetLines: PacketLines;
  close(): void;
}

/** Begins to capture on every NIC, and on the one that the route leaves by. Gives a sentence with a hint when that is not possible. */
export async function startCapture(
  address: string,
  host: CheckHost,
  done: Readonly<DoneTests>,
  write: string | null,
): Promise<CheckCapturing | { missing: string }> {
  try {
    const session = new Session({
      analysis: {
        platformAddresses: [address],
        primaryNic: primaryNicOf(done),
        rules: RULES,
        thresholds: DEFAULT_THRESHOLDS,
      },
      backends: findBackends("auto"),
      starter: new DirectStarter(),
      host: { interfaces: host.interfaces, stateOf: linuxStateOf(), now: Date.now },
      interfaces: watchedNames(host, done),
      filter: "",
      recording: recordingTo(write),
      durationMs: null,
      maxPackets: null,
    });
    await session.start();
    return capturing(session);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const hint = error.hint === null ? "" : ` ${error.hint}`;
    const words = error.message.replace(/\.$/, "");
    return { missing: `${words[0]?.toUpperCase()}${words.slice(1)}.${hint}` };
  }
}

function capturing(session: Session): CheckCapturing {
  return {
    backend: session.status().backend,
    recordingProblem: () =>
      session.status().warnings.find((warning) => warning.code.startsWith("recording"))?.message ?? null,
    async finish() {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, SETTLE_MS);
      });
      await session.stop("duration");
      return captured(session);
    },
    async abandon() {
      await session.stop("interrupt");
      session.close();
    },
  };
}

function captured(session: Session): Captured {
  return { report: materialize(session.report()), packetLines: session.packetLines(), close: () => session.close() };
}

function primaryNicOf(done: Readonly<DoneTests>): { name: string; origin: "host" } | null {
  const name = done["primary-nic"]?.details.interface ?? null;
  return name === null ? null : { name, origin: "host" };
}

/** A tunnel or bond that the route leaves by is software, and is captured all the same. */
function watchedNames(host: CheckHost, done: Readonly<DoneTests>): string[] {
  const names = watchedByDefault(host.interfaces()).map((one) => one.name);
  const leavesBy = done.route?.details.interface ?? null;
  return leavesBy === null || names.includes(leavesBy) ? names : [...names, leavesBy];
}

function recordingTo(path: string | null): ConstructorParameters<typeof Session>[0]["recording"] {
  if (path === null) return null;
  const application = `vipscope ${VERSION}`;
  return { path, rotateBytes: null, rotateMs: null, keep: null, maxBytes: null, application };
}
