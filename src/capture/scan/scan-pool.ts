/** The scanning threads of one analysis. */
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { AddressSet } from "../../decode/address-set.ts";
import {
  BATCH_BYTES,
  BATCH_RECORDS,
  BATCHES_AHEAD,
  BLOCK_BYTES,
  MANY_SOURCES,
  MAX_SCAN_THREADS,
  MIN_SCANNED_BYTES,
  SMALL_BATCH_BYTES,
  SMALL_BATCH_RECORDS,
  SMALL_BLOCK_BYTES,
  SOURCES_AHEAD,
} from "../../limits.ts";
import type { TimeBase } from "../record.ts";
import type { SourceFacts } from "../source-facts.ts";
import { buffersOf } from "./batch.ts";
import type { ScanRequest, ScanResult, ScanSetup } from "./messages.ts";
import { ScannedSource } from "./scanned-source.ts";

/** The bundled entry of a thread, beside the bundle that this module is part of. */
const SCAN_WORKER: string = fileURLToPath(new URL("./scan-worker.js", import.meta.url));

/** A thread that was started. */
export interface ScanThread {
  postMessage(request: ScanRequest, transfer?: readonly ArrayBuffer[]): void;
  terminate(): unknown;
}

/** Starts a thread with its setup; `heard` takes what it sends, `failed` what ended it. */
export type StartThread = (
  setup: ScanSetup,
  heard: (result: ScanResult) => void,
  failed: (error: Error) => void,
) => ScanThread;

/** How an analysis wants its files scanned. */
export interface Scanning {
  /** Threads besides the one of the analysis. */
  readonly threads: number;
  /** What the analysis' prefilters look for. */
  readonly addresses: AddressSet;
  /** Bytes of all files from which on it pays. */
  readonly fromBytes: number;
  /** Another way to start a thread, for tests. */
  readonly start?: StartThread;
}

/** What `jobs` threads make of it, one of which is the analysis itself; null when there are no others. */
export function scanningBy(jobs: number, addresses: AddressSet): Scanning | null {
  const threads = Math.min(jobs - 1, MAX_SCAN_THREADS);
  return threads > 0 ? { threads, addresses, fromBytes: MIN_SCANNED_BYTES } : null;
}

/** One file to be scanned. */
interface ScannedFile {
  readonly index: number;
  readonly facts: SourceFacts;
}

/** Threads that scan files; each file belongs to one of them, in turn. */
export class ScanPool {
  readonly #threads: ScanThread[] = [];
  readonly #sources: ScannedSource[] = [];
  readonly #files: readonly ScannedFile[];
  /** Files that a thread was told of: the first so many. */
  #told = 0;
  #unfinished: number;

  /** `files` in the order in which their records will be asked for. Some of them are begun at once. */
  constructor(files: readonly ScannedFile[], base: TimeBase, { threads, addresses, start = startWorker }: Scanning) {
    const isMany = files.length > MANY_SOURCES;
    const setup: ScanSetup = {
      ipv4: addresses.ipv4.slice(0, addresses.ipv4Count),
      ipv6: addresses.ipv6.slice(0, addresses.ipv6Count * 4),
      baseSeconds: base.seconds,
      blockBytes: isMany ? SMALL_BLOCK_BYTES : BLOCK_BYTES,
      batchRecords: isMany ? SMALL_BATCH_RECORDS : BATCH_RECORDS,
      batchBytes: isMany ? SMALL_BATCH_BYTES : BATCH_BYTES,
    };
    this.#files = files;
    this.#unfinished = files.length;
    for (const [turn, { index, facts }] of files.entries()) {
      const thread = this.#threads[turn % threads] ?? this.#start(start, setup);
      const source = new ScannedSource(index, facts, base, {
        use: (batch) =>
          thread.postMessage({ kind: "used", source: index, batch } satisfies ScanRequest, buffersOf(batch)),
        finish: () => this.#finished(),
      });
      this.#sources[index] = source;
    }
    this.#tell(SOURCES_AHEAD * threads);
  }

  /** The records of one of the files: its time has come. */
  open(index: number): ScannedSource | null {
    this.#tell(this.#files.findIndex((file) => file.index === index) + 1 + SOURCES_AHEAD * this.#threads.length);
    return this.#sources[index] ?? null;
  }

  /** Ends the threads. */
  close(): void {
    for (const thread of this.#threads) thread.terminate();
    this.#threads.length = 0;
  }

  #tell(upTo: number): void {
    for (const { index, facts } of this.#files.slice(this.#told, upTo)) {
      const thread = this.#threads[this.#told++ % this.#threads.length];
      thread?.postMessage({
        kind: "open",
        source: index,
        name: facts.name,
        leave: BATCHES_AHEAD,
      } satisfies ScanRequest);
    }
  }

  /** Threads end while the analysis still has work with what they sent. */
  #finished(): void {
    this.#unfinished -= 1;
    if (this.#unfinished === 0) this.close();
  }

  #start(start: StartThread, setup: ScanSetup): ScanThread {
    const thread = start(
      setup,
      (result) => this.#sources[result.source]?.arrive(result),
      (error) => {
        for (const source of this.#sources) source?.fail(error);
      },
    );
    this.#threads.push(thread);
    return thread;
  }
}

function startWorker(setup: ScanSetup, heard: (result: ScanResult) => void, failed: (error: Error) => void): Worker {
  const worker = new Worker(SCAN_WORKER, { workerData: setup });
  worker.on("message", heard);
  worker.on("error", failed);
  return worker;
}
