/**
 * Reads captures and answers a screen's questions meanwhile: between two blocks whoever asks gets their turn. What is told while reading goes
 * on is a snapshot; a new one is made when it is asked for and the last is old enough, so that snapshots take a small share of the time.
 */
import { Analysis, type AnalysisOptions, type OpenSources } from "../analyzer.ts";
import { InputError } from "../capture/input-error.ts";
import type { SourceFacts } from "../capture/source-facts.ts";
import type { ExtractSource } from "../extract/extract-source.ts";
import type { PacketLines } from "../report/packet-line.ts";
import type { ReportView } from "../report/report-view.ts";
import type { ReadingProgress } from "../report/view-source.ts";
import type { Answers, FromWorker, QuestionKind, Questions, ReadingFailure } from "./capture-messages.ts";
import { ReportServer } from "./report-server.ts";

/** Reading goes on for this long before others get their turn, in milliseconds. */
const TURN_MS = 5;
/** How often progress is told. */
const TELL_MS = 100;
/** A snapshot is at least this old, and this many times what another one will take to make, before that is made. */
const SNAPSHOT_AGE_MS = 500;
const SNAPSHOT_SHARE = 10;

/** Writes files, which the screen's thread must not wait for. Rejects with what to tell the person. */
export interface ReportFiles {
  report(view: ReportView, packets: PacketLines, path: string, format: string): Promise<void>;
  packets(source: ExtractSource, view: ReportView, path: string): Promise<void>;
}

export class CaptureReading {
  readonly #open: OpenSources;
  readonly #options: AnalysisOptions;
  readonly #files: ReportFiles;
  readonly #tell: (message: FromWorker) => void;
  readonly #startedMs: number = performance.now();
  #analysis: Analysis;
  #server: ReportServer | null = null;
  #revision = 0;
  #snapshotMs = Number.NEGATIVE_INFINITY;
  #snapshotCostMs = 0;
  /** Platform packets of the last snapshot, with which its cost grows. */
  #snapshotPackets = 0;
  #toldMs = Number.NEGATIVE_INFINITY;
  #turnMs = 0;
  #progress: ReadingProgress = {
    state: "reading",
    readBytes: 0,
    totalBytes: null,
    packets: 0,
    platformPackets: 0,
    elapsedMs: 0,
    problem: null,
  };
  /** Settles when files that are being written need the analysis no longer. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(open: OpenSources, options: AnalysisOptions, files: ReportFiles, tell: (message: FromWorker) => void) {
    this.#open = open;
    this.#options = options;
    this.#files = files;
    this.#tell = tell;
    this.#analysis = new Analysis(options);
  }

  /** Reads to the end. Never rejects: what goes wrong is told. */
  async read(): Promise<void> {
    try {
      await this.#readPasses();
    } catch (error) {
      const failure = failureOf(error);
      const problem = failure.hint === null ? failure.message : `${failure.message}. ${failure.hint}`;
      this.#progress = { ...this.#progress, state: "failed", elapsedMs: this.#elapsedMs(), problem };
      this.#tell({ kind: "failed", progress: this.#progress, failure });
      return;
    }
    await this.#writing;
    const view = this.#analysis.finish();
    this.#revision++;
    this.#server = new ReportServer(this.#analysis, view, this.#revision, takeTurns);
    this.#progress = { ...this.#progress, state: "done", elapsedMs: this.#elapsedMs() };
    const faulty = this.#analysis.isFaulty;
    this.#tell({ kind: "done", progress: this.#progress, revision: this.#revision, faulty });
    // What the first sort and the first filter need is read before they are asked for.
    for (const table of ["flows", "dns", "http"] as const) await this.#server.finder.columns(table);
  }

  async answer<Kind extends QuestionKind>(kind: Kind, question: Questions[Kind]): Promise<Answers[Kind]> {
    const answers: { readonly [One in QuestionKind]: (asked: Questions[One]) => Promise<Answers[One]> } = {
      overview: async () => this.#current().overview(),
      rows: async (query) => this.#current().rows(query),
      flow: async (id) => this.#current().flow(id),
      packet: async (ref) => this.#current().packet(ref),
      packetLines: async (refs) => this.#current().packetLines(refs),
      exportReport: async ({ path, format }) => {
        const { view } = this.#current();
        await this.#write(() => this.#files.report(view, this.#analysis.packetLines(), path, format));
        return null;
      },
      writePackets: async (path) => {
        const { view } = this.#current();
        await this.#write(() => this.#files.packets(this.#analysis.extractSource(), view, path));
        return null;
      },
    };
    return answers[kind](question);
  }

  /** As `analyze` does: with a platform address that a lease names, files are read again. */
  async #readPasses(): Promise<void> {
    const learned: string[] = [];
    for (;;) {
      await this.#analysis.open(this.#open);
      if (learned.length === 0) this.#tell({ kind: "opened" });
      this.#turnMs = performance.now();
      await this.#analysis.read((sources) => this.#afterRead(sources));
      if (this.#analysis.learnedAddresses.length === 0) return;
      learned.push(...this.#analysis.learnedAddresses);
      await this.#writing;
      this.#analysis.close();
      this.#analysis = new Analysis(this.#options, learned);
      this.#server = null;
      this.#snapshotMs = Number.NEGATIVE_INFINITY;
    }
  }

  #afterRead(sources: readonly SourceFacts[]): void | Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#toldMs >= TELL_MS) this.#tellProgress(sources, nowMs);
    if (nowMs - this.#turnMs < TURN_MS) return;
    return this.#giveTurn();
  }

  async #giveTurn(): Promise<void> {
    await takeTurns();
    await this.#writing;
    this.#turnMs = performance.now();
  }

  #tellProgress(sources: readonly SourceFacts[], nowMs: number): void {
    this.#toldMs = nowMs;
    const totals = sources.map((facts) => facts.totalBytes);
    const packets = sources.reduce((sum, facts) => sum + facts.packets, 0);
    const { platformPackets } = this.#analysis;
    if (this.#isSnapshotDue(nowMs) && packets > this.#progress.packets) this.#revision++;
    this.#progress = {
      state: "reading",
      readBytes: sources.reduce((sum, facts) => sum + facts.readBytes, 0),
      totalBytes: totals.reduce<number | null>(
        (sum, bytes) => (sum === null || bytes === null ? null : sum + bytes),
        0,
      ),
      packets,
      platformPackets,
      elapsedMs: this.#elapsedMs(),
      problem: null,
    };
    this.#tell({ kind: "progress", progress: this.#progress, revision: this.#revision });
  }

  #isSnapshotDue(nowMs: number): boolean {
    const growth = Math.max(1, this.#analysis.platformPackets / Math.max(1, this.#snapshotPackets));
    return nowMs - this.#snapshotMs >= Math.max(SNAPSHOT_AGE_MS, SNAPSHOT_SHARE * this.#snapshotCostMs * growth);
  }

  /** What is told now. Rows of a file are only added, so that an older snapshot stays readable while reading goes on. */
  #current(): ReportServer {
    const nowMs = performance.now();
    const mayBeOlder = this.#progress.state !== "reading" || !this.#isSnapshotDue(nowMs);
    if (this.#server !== null && mayBeOlder) return this.#server;
    const server = new ReportServer(this.#analysis, this.#analysis.snapshot(), this.#revision, takeTurns);
    server.overview();
    this.#snapshotMs = performance.now();
    this.#snapshotCostMs = this.#snapshotMs - nowMs;
    this.#snapshotPackets = this.#analysis.platformPackets;
    this.#server = server;
    return server;
  }

  /** Reading waits for what is written, so that a file tells of one moment. */
  #write(write: () => Promise<void>): Promise<void> {
    const written = this.#writing.then(write);
    this.#writing = written.catch(() => {});
    return written;
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }
}

/** Lets everything that waits have its turn. */
function takeTurns(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function failureOf(error: unknown): ReadingFailure {
  if (error instanceof InputError) return { code: error.code, message: error.message, hint: error.hint };
  return {
    code: "fault",
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    hint: null,
  };
}
