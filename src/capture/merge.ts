/** Several sources as one, in time order; each source's own order is kept. Files are opened when their first record's time comes. */
import { MANY_SOURCES, SMALL_BLOCK_BYTES } from "../limits.ts";
import { findInputs, type Input, streamOf } from "./inputs.ts";
import { type OpenOptions, openFile, openStream } from "./open.ts";
import { CaptureRecord, Step } from "./record.ts";
import type { RecordSource, Source } from "./source.ts";
import { SourceFacts } from "./source-facts.ts";

/** Bytes that are read of a file to learn its first record's time. */
const PEEK_BLOCK_BYTES = 1 << 14;

/** All that the user asked to read, and what is known of each source, in their order. */
export interface Capture {
  readonly facts: readonly SourceFacts[];
  readonly records: RecordSource;
  /** All of it are files, which may be opened and read from the start again. */
  readonly rereadable: boolean;
}

/** Opens what `names` stand for. Throws an `InputError` when one of them cannot be used. */
export async function openCapture(names: readonly string[], options: OpenOptions): Promise<Capture> {
  const inputs = await findInputs(names);
  const facts = inputs.map((input) => new SourceFacts(input.name));
  const rereadable = inputs.every((input) => input.kind === "file");
  const [only] = inputs;
  const [onlyFacts] = facts;
  if (inputs.length === 1 && only !== undefined && onlyFacts !== undefined) {
    return { facts, records: await openInput(only, 0, options, onlyFacts), rereadable };
  }
  const blockBytes = inputs.length > MANY_SOURCES ? SMALL_BLOCK_BYTES : options.blockBytes;
  const shared = blockBytes === undefined ? options : { ...options, blockBytes };
  const waiting: Waiting[] = [];
  for (const [index, ownFacts] of facts.entries()) {
    const input = inputs[index];
    if (input !== undefined) waiting.push(await waitingSource(input, index, shared, ownFacts));
  }
  return { facts, records: new MergedSource(waiting), rereadable };
}

/** A stream is opened at once, since it cannot be looked at twice; a file is looked at, and opened when its time comes. */
async function waitingSource(input: Input, index: number, options: OpenOptions, facts: SourceFacts): Promise<Waiting> {
  if (input.kind !== "file") {
    const source = await openInput(input, index, options, facts);
    return { index, firstNs: Number.NEGATIVE_INFINITY, open: async () => source };
  }
  const firstNs = await firstTimeOf(input, index, options);
  const open = async (): Promise<Source | null> => {
    try {
      return await openInput(input, index, options, facts);
    } catch (error) {
      // It could be read a moment ago, and the analysis has begun: what is read of the others stands.
      facts.problems.add("read-failed", error instanceof Error ? error.message : String(error), null);
      return null;
    }
  };
  return { index, firstNs, open };
}

async function openInput(input: Input, index: number, options: OpenOptions, facts: SourceFacts): Promise<Source> {
  if (input.kind === "file") return openFile(input.name, index, options, facts);
  return openStream(await streamOf(input), index, options, facts);
}

/** Time of a file's first record; before all others when it has none, so that it is opened, and its faults are told, at once. */
async function firstTimeOf(input: Input, index: number, options: OpenOptions): Promise<number> {
  const source = await openFile(input.name, index, {
    base: options.base,
    filterFor: () => passAll,
    blockBytes: PEEK_BLOCK_BYTES,
  });
  try {
    for (;;) {
      const step = source.next();
      if (step === Step.done) return Number.NEGATIVE_INFINITY;
      if (step === Step.packet) return source.record.timed ? source.record.timeNs : Number.NEGATIVE_INFINITY;
      await source.fill();
    }
  } finally {
    source.close();
  }
}

function passAll(): number {
  return 1;
}

/** A source that is not open yet. */
interface Waiting {
  index: number;
  /** Nanoseconds from the time base of its first record. */
  firstNs: number;
  /** Null when it cannot be opened any more, which its facts then tell. */
  open: () => Promise<Source | null>;
}

/** The merge: a heap of sources that each stand on a record, earliest first; ties go to the source that was named first. */
class MergedSource implements RecordSource {
  record: CaptureRecord = new CaptureRecord();
  sourceIndex = 0;
  /** Not open yet, latest first. */
  readonly #waiting: Waiting[];
  readonly #heap: Source[] = [];
  /** True when `record` is the heap's first and was handed over. */
  #handedOver = false;
  /** The one source that must move on before the next record can be chosen. */
  #moving: Source | null = null;

  constructor(waiting: readonly Waiting[]) {
    this.#waiting = [...waiting].sort((one, other) => other.firstNs - one.firstNs || other.index - one.index);
  }

  next(): Step {
    if (this.#handedOver) this.#moving = this.#takeFirst();
    this.#handedOver = false;
    if (this.#moving !== null) {
      const step = this.#moving.next();
      if (step === Step.needBytes) return step;
      if (step === Step.packet) this.#put(this.#moving);
      else this.#moving.close();
      this.#moving = null;
    }
    const first = this.#heap[0];
    const waiting = this.#waiting.at(-1);
    if (waiting !== undefined && (first === undefined || waiting.firstNs <= first.record.timeNs)) return Step.needBytes;
    if (first === undefined) return Step.done;
    this.record = first.record;
    this.sourceIndex = first.sourceIndex;
    this.#handedOver = true;
    return Step.packet;
  }

  fill(): boolean | Promise<boolean> {
    return this.#moving === null ? this.#openNext() : this.#moving.fill();
  }

  close(): void {
    this.#moving?.close();
    for (const source of this.#heap) source.close();
    this.#waiting.length = 0;
  }

  async #openNext(): Promise<boolean> {
    const waiting = this.#waiting.pop();
    if (waiting === undefined) return false;
    this.#moving = await waiting.open();
    return true;
  }

  #takeFirst(): Source | null {
    const first = this.#heap[0] ?? null;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sinkFromTop(last);
    return first;
  }

  #put(source: Source): void {
    let place = this.#heap.length;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.#heap[parentPlace];
      if (parent === undefined || !isEarlier(source, parent)) break;
      this.#heap[place] = parent;
      place = parentPlace;
    }
    this.#heap[place] = source;
  }

  #sinkFromTop(source: Source): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const takesRight = left !== undefined && right !== undefined && isEarlier(right, left);
      const child = takesRight ? right : left;
      if (child === undefined || !isEarlier(child, source)) break;
      heap[place] = child;
      place = 2 * place + (takesRight ? 2 : 1);
    }
    heap[place] = source;
  }
}

function isEarlier(one: Source, other: Source): boolean {
  const difference = one.record.timeNs - other.record.timeNs;
  return difference < 0 || (difference === 0 && one.sourceIndex < other.sourceIndex);
}
