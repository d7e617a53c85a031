/** Runs `vipscope live` in a namespace of the lab and gathers what it tells. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ended, Lab, Started } from "../../captures/lab/lab.mjs";
import type { LiveEvent } from "../../src/report/events.ts";
import type { Report } from "../../src/report/report.ts";
import { childrenOf } from "./process-tree.ts";

export const BACKENDS = ["cap", "dumpcap", "tcpdump"] as const;

/** An event of one kind. */
export type EventOf<Kind extends LiveEvent["event"]> = LiveEvent & { event: Kind };

/** A session that goes on. */
export class LiveSession {
  readonly events: LiveEvent[] = [];
  /** When each event's line was read, in milliseconds since 1970. */
  readonly readAtMs: number[] = [];
  readonly ended: Promise<Ended>;
  readonly #started: Started;
  readonly #reportPath: string;

  constructor(started: Started, reportPath: string) {
    this.#started = started;
    this.#reportPath = reportPath;
    this.ended = started.ended;
    let rest = "";
    started.child.stdout.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        this.events.push(JSON.parse(line));
        this.readAtMs.push(Date.now());
      }
    });
  }

  get pid(): number {
    return this.#started.child.pid ?? 0;
  }

  /** All events of a kind that were told by now. */
  all<Kind extends LiveEvent["event"]>(kind: Kind): EventOf<Kind>[] {
    return this.events.filter((event): event is EventOf<Kind> => event.event === kind);
  }

  /** Waits for an event of a kind that `isWanted`. Throws with what was told when it does not come. */
  async until<Kind extends LiveEvent["event"]>(
    kind: Kind,
    isWanted: (event: EventOf<Kind>) => boolean = () => true,
    waitMs = 15_000,
  ): Promise<EventOf<Kind>> {
    for (const untilMs = Date.now() + waitMs; Date.now() < untilMs; await sleep(20)) {
      const found = this.all(kind).find(isWanted);
      if (found !== undefined) return found;
    }
    const told = this.events.map((event) => JSON.stringify(event).slice(0, 300)).join("\n");
    throw new Error(`no ${kind} in ${waitMs} ms, but:\n${told}`);
  }

  /** The process that starts the programs that capture for it. */
  keeperPid(): number {
    return childrenOf(this.pid)[0] ?? 0;
  }

  /** The process ids of the programs that capture for it, oldest first. */
  captureChildren(): number[] {
    return childrenOf(this.keeperPid());
  }

  /** Ends it with a signal and gives its end with its final report. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended & { report: Report }> {
    this.#started.child.kill(signal);
    return this.finish();
  }

  /** Waits for its end and gives it with its final report. */
  async finish(): Promise<Ended & { report: Report }> {
    const ended = await this.ended;
    const report: Report = JSON.parse(readFileSync(this.#reportPath, "utf8"));
    return { ...ended, report };
  }
}

let sessions = 0;

/** Asks WireServer's address in the lab for `target`, from the VM; the status is curl's. */
export async function ask(lab: Lab, target: string, ...more: readonly string[]): Promise<number | null> {
  const words = ["-s", "-m", "5", "-o", "/dev/null", ...more, `http://${lab.platformAddress}${target}`];
  return (await lab.run("vm", "curl", ...words)).status;
}

/** Starts a session in the VM, with events on its standard output and the report in a file, and waits until it watches. */
export async function startLive(lab: Lab, ...words: string[]): Promise<LiveSession> {
  sessions += 1;
  const report = join(lab.directory, `report-${sessions}.json`);
  const command = [process.execPath, "bin/vipscope.js", "live", "--format", "json", "--output", report, ...words];
  const session = new LiveSession(lab.start("vm", ...command), report);
  await Promise.race([session.until("session-started", () => true, 30_000), session.ended.then(refuse)]);
  return session;
}

function refuse({ status, errors }: Ended): never {
  throw new Error(`the session ended at once with ${status}: ${errors}`);
}
