/** Several sources as one, in time order; each source's own order is kept. Files are opened when their first record's time comes. */
import { MANY_SOURCES, SMALL_BLOCK_BYTES } from "../limits.ts";
import { findInputs, type Input, streamOf } from "./inputs.ts";
import { type OpenOptions, openFile, openStream } from "./open.ts";
import { CaptureRecord, Step, type TimeBase } from "./record.ts";
import { type Scanning, ScanPool } from "./scan/scan-pool.ts";
import type { RecordSource } from "./source.ts";
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

/**
 * Opens what `names` stand for. Throws an `InputError` when one of them cannot be used. With `scanning`, large files are read by other threads: the
 * records are the same.
 */
export async function openCapture(
  names: readonly string[],
  options: OpenOptions,
  scanning: Scanning | null = null,
): Promise<Capture> {
  const inputs = await findInputs(names);
  const facts = inputs.map((input) => new SourceFacts(input.name));
  const rereadable = inputs.every((input) => input.kind === "file");
  const [only] = inputs;
  const [onlyFacts] = facts;
  const isScanned =
    scanning !== null && rereadable && inputs.reduce((sum, input) => sum + input.bytes, 0) >= scanning.fromBytes;
  if (inputs.length === 1 && only !== undefined && onlyFacts !== undefined) {
    const records = isScanned
      ? await openScanned(onlyFacts, options.base, scanning)
      : await openInput(only, 0, options, onlyFacts);
    return { facts, records, rereadable };
  }
  const blockBytes = inputs.length > MANY_SOURCES ? SMALL_BLOCK_BYTES : options.blockBytes;
  const shared = blockBytes === undefined ? options : { ...options, blockBytes };
  const waiting: Waiting[] = [];
  for (const [index, ownFacts] of facts.entries()) {
    const input = inputs[index];
    if (input !== undefined) waiting.push(await waitingSource(input, index, shared, ownFacts));
  }
  // Threads need the time base that the first records set. Hardly any capture has no time in it.
  if (!isScanned || options.base.seconds === null) return { facts, records: new MergedSource(waiting), rereadable };
  waiting.sort(byTime);
  const files = waiting.map(({ index }) => ({ index, facts: facts[index] ?? new SourceFacts("") }));
  const pool = new ScanPool(files, options.base, scanning);
  const scanned = waiting.map((one) => ({ ...one, open: async () => pool.open(one.index) }));
  return { facts, records: new MergedSource(scanned, () => pool.close()), rereadable };
}

/** One file that another thread reads. It is opened here first, for what cannot be used must be refused at once. */
async function openScanned(facts: SourceFacts, base: TimeBase, scanning: Scanning): Promise<RecordSource> {
  const source = await openFile(facts.name, 0, {
    base: { seconds: null },
    filterFor: () => null,
    blockBytes: PEEK_BLOCK_BYTES,
  });
  source.close();
  const pool = new ScanPool([{ index: 0, facts }], base, { ...scanning, threads: 1 });
  return new MergedSource([{ index: 0, firstNs: Number.NEGATIVE_INFINITY, open: async () => pool.open(0) }], () =>
    pool.close(),
  );
}

/** A stream is opened at once, since it cannot be looked at twice; a file is looked at, and opened when its time comes. */
async function waitingSource(input: Input, index: number, options: OpenOptions, facts: SourceFacts): Promise<Waiting> {
  if (input.kind !== "file") {
    const source = await openInput(input, index, options, facts);
    return { index, firstNs: Number.NEGATIVE_INFINITY, open: async () => source };
  }
  const firstNs = await firstTimeOf(input, index, options);
  const open = async (): Promise<RecordSource | null> => {
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

async function openInput(input: Input, index: number, options: OpenOptions, facts: SourceFacts): Promise<RecordSource> {
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
  open: () => Promise<RecordSource | null>;
}

/** The order in which sources are opened. */
function byTime(one: Waiting, other: Waiting): number {
  return one.firstNs - other.firstNs || one.index - other.index;
}

/** The merge: a heap of sources that each stand on a record, earliest first; ties go to the source that was named first. */
class MergedSource implements RecordSource {
  record: CaptureRecord = new CaptureRecord();
  sourceIndex = 0;
  /** Not open yet, latest first. */
  readonly #waiting: Waiting[];
  readonly #heap: RecordSource[] = [];
  /** True when `record` is the heap's first and was handed over. */
  #handedOver = false;
  /** The one source that must move on before the next record can be chosen. */
  #moving: RecordSource | null = null;
  readonly #onClose: () => void;

  constructor(waiting: readonly Waiting[], onClose: () => void = () => {}) {
    this.#waiting = [...waiting].sort(byTime).reverse();
    this.#onClose = onClose;
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
    this.#onClose();
  }

  async #openNext(): Promise<boolean> {
    const waiting = this.#waiting.pop();
    if (waiting === undefined) return false;
    this.#moving = await waiting.open();
    return true;
  }

  #takeFirst(): RecordSource | null {
    const first = this.#heap[0] ?? null;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sinkFromTop(last);
    return first;
  }

  #put(source: RecordSource): void {
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

  #sinkFromTop(source: RecordSource): void {
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

function isEarlier(one: RecordSource, other: RecordSource): boolean {
  const difference = one.record.timeNs - other.record.timeNs;
  return difference < 0 || (difference === 0 && one.sourceIndex < other.sourceIndex);
}
