/** A source that a scanning thread reads: its records come in batches, and what is known of it comes with them. */
import { CaptureRecord, Step, type TimeBase } from "../record.ts";
import type { RecordSource } from "../source.ts";
import type { SourceFacts } from "../source-facts.ts";
import { type Batch, take } from "./batch.ts";
import type { ScanResult } from "./messages.ts";

const EMPTY: DataView = new DataView(new ArrayBuffer(0));

/** What a scanned source tells whoever runs its thread. */
export interface ScanEvents {
  /** A batch is used up. */
  use(batch: Batch): void;
  /** The last one came. */
  finish(): void;
}

/** The analysis' end of one source. */
export class ScannedSource implements RecordSource {
  readonly sourceIndex: number;
  readonly record: CaptureRecord = new CaptureRecord();
  readonly #facts: SourceFacts;
  readonly #base: TimeBase;
  readonly #events: ScanEvents;
  readonly #arrived: ScanResult[] = [];
  #current: ScanResult | null = null;
  #view: DataView = EMPTY;
  #used = 0;
  #fault: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(sourceIndex: number, facts: SourceFacts, base: TimeBase, events: ScanEvents) {
    this.sourceIndex = sourceIndex;
    this.#facts = facts;
    this.#base = base;
    this.#events = events;
  }

  next(): Step {
    const current = this.#current;
    if (current === null) return Step.needBytes;
    if (this.#used < current.batch.records) {
      take(current.batch, this.#used, this.#view, this.record);
      this.#used += 1;
      return Step.packet;
    }
    this.#facts.restore(current.facts);
    return current.done ? Step.done : Step.needBytes;
  }

  fill(): boolean | Promise<boolean> {
    if (this.#current?.done === true) return false;
    return this.#begin() || this.#wait();
  }

  close(): void {
    this.#arrived.length = 0;
  }

  /** The thread sent the next records. */
  arrive(result: ScanResult): void {
    this.#arrived.push(result);
    if (result.done) this.#events.finish();
    this.#wake?.();
  }

  /** The thread ended before it could. */
  fail(fault: Error): void {
    this.#fault = fault;
    this.#wake?.();
  }

  /** Goes on to the next batch; false when it has not come yet. */
  #begin(): boolean {
    if (this.#fault !== null) throw this.#fault;
    const next = this.#arrived.shift();
    if (next === undefined) return false;
    if (this.#current !== null) this.#events.use(this.#current.batch);
    this.#current = next;
    this.#used = 0;
    const { buffer } = next.batch.bytes;
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
    this.#base.seconds ??= next.baseSeconds;
    this.#facts.restore(next.facts, next.interfaces);
    return true;
  }

  async #wait(): Promise<boolean> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    return this.#begin();
  }
}
