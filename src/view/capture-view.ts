/** Captures as a screen sees them: another thread reads and analyses, and answers what is asked. */
import { Worker } from "node:worker_threads";
import { InputError } from "../capture/input-error.ts";
import type { PacketLine } from "../report/packet-line.ts";
import type { PacketRef } from "../report/report.ts";
import type {
  FlowDetail,
  Overview,
  PacketDetail,
  ReadingProgress,
  RowQuery,
  RowWindow,
  TableName,
  TableRows,
  ViewSource,
} from "../report/view-source.ts";
import type {
  Answers,
  CaptureTask,
  FromWorker,
  QuestionKind,
  Questions,
  ReadingFailure,
  ToWorker,
} from "./capture-messages.ts";

/** A question that waits for its answer. */
interface Waiting {
  resolve(answer: Answers[QuestionKind]): void;
  reject(reason: Error): void;
}

export class CaptureView implements ViewSource {
  readonly kind = "capture";
  revision = 0;
  /** A source ended before its end. */
  isFaulty = false;
  /** Why nothing could be read; null otherwise. */
  failure: ReadingFailure | null = null;
  /** Settles when the captures were opened, or could not be. */
  readonly opened: Promise<void>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<() => void>();
  #resolveOpened: () => void = () => {};
  #asked = 0;
  #closed = false;
  #progress: ReadingProgress = {
    state: "reading",
    readBytes: 0,
    totalBytes: null,
    packets: 0,
    platformPackets: 0,
    elapsedMs: 0,
    problem: null,
  };

  /** `worker` is the file of the thread that reads. */
  constructor(worker: URL, task: CaptureTask) {
    this.opened = new Promise((resolve) => {
      this.#resolveOpened = resolve;
    });
    this.#worker = new Worker(worker, { workerData: task });
    this.#worker.on("message", (message: FromWorker) => this.#take(message));
    this.#worker.on("error", (error) => this.#fail({ code: "fault", message: error.message, hint: null }));
    this.#worker.on("exit", () => this.#fail({ code: "fault", message: "the analysis ended", hint: null }));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  progress(): ReadingProgress {
    return this.#progress;
  }

  session(): null {
    return null;
  }

  overview(): Promise<Overview> {
    return this.#ask("overview", null);
  }

  async rows<Table extends TableName>(query: RowQuery<Table>): Promise<RowWindow<TableRows[Table]>> {
    const window = await this.#ask("rows", query);
    // The rows are of the table that was asked for.
    return window as RowWindow<TableRows[Table]>;
  }

  flow(id: number): Promise<FlowDetail | null> {
    return this.#ask("flow", id);
  }

  packet(packet: PacketRef): Promise<PacketDetail | null> {
    return this.#ask("packet", packet);
  }

  packetLines(packets: readonly PacketRef[]): Promise<readonly (PacketLine | null)[]> {
    return this.#ask("packetLines", packets);
  }

  async exportReport(path: string, format: string): Promise<void> {
    await this.#ask("exportReport", { path, format });
  }

  async writePackets(path: string): Promise<void> {
    await this.#ask("writePackets", path);
  }

  stopRecording(): void {}

  close(): void {
    this.#closed = true;
    this.#rejectAll(new Error("the captures were closed"));
    this.#listeners.clear();
    void this.#worker.terminate();
  }

  /** Throws why nothing could be read. */
  refuseFailure(): void {
    if (this.failure === null) return;
    const { code, message, hint } = this.failure;
    throw code === "fault" ? new Error(message) : new InputError(code, message, hint);
  }

  #ask<Kind extends QuestionKind>(kind: Kind, question: Questions[Kind]): Promise<Answers[Kind]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error("the captures were closed"));
        return;
      }
      const id = this.#asked++;
      // An answer is of its question's kind.
      this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      this.#worker.postMessage({ kind, id, question } as ToWorker);
    });
  }

  #take(message: FromWorker): void {
    switch (message.kind) {
      case "answer":
        this.#settled(message.id)?.resolve(message.answer);
        return;
      case "refusal":
        this.#settled(message.id)?.reject(new Error(message.message));
        return;
      case "opened":
        this.#resolveOpened();
        return;
      case "progress":
        this.#change(message.progress, message.revision);
        return;
      case "done":
        this.isFaulty = message.faulty;
        this.#change(message.progress, message.revision);
        return;
      case "failed":
        this.#fail(message.failure, message.progress);
        return;
      default:
        message satisfies never;
    }
  }

  #settled(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #change(progress: ReadingProgress, revision: number = this.revision): void {
    this.#progress = progress;
    this.revision = revision;
    for (const listener of this.#listeners) listener();
  }

  #fail(failure: ReadingFailure, progress: ReadingProgress = this.#progress): void {
    if (this.#closed) return;
    this.failure ??= failure;
    this.#resolveOpened();
    this.#change({ ...progress, state: "failed", problem: progress.problem ?? failure.message });
    if (failure.code === "fault") this.#rejectAll(new Error(failure.message));
  }

  #rejectAll(reason: Error): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
