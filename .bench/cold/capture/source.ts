/** One opened source: a feed, the block that it fills, and the reader of its format. */
import type { BlockBuffer } from "./block-buffer.ts";
import type { Feed } from "./feed.ts";
import type { Reader } from "./reader.ts";
import type { CaptureRecord, Step } from "./record.ts";
import type { SourceFacts } from "./source-facts.ts";

/**
 * How records are pulled, from one source or several. The loop of whoever uses it:
 *
 *     for (;;) {
 *       const step = source.next();
 *       if (step === Step.packet) use(source.record);
 *       else if (step === Step.done) break;
 *       else { const more = source.fill(); if (more instanceof Promise) await more; }
 *     }
 */
export interface RecordSource {
  /** Valid after `Step.packet` until the next call. A merged source has another one for each packet: ask each time. */
  readonly record: CaptureRecord;
  /** Index of the source that `record` belongs to. */
  readonly sourceIndex: number;
  next(): Step;
  /** Gets more bytes after `Step.needBytes`; false when there are none. A promise only when they must be waited for. */
  fill(): boolean | Promise<boolean>;
  /** Lets go of files and streams. What was read stays readable through the packet store. */
  close(): void;
}

/** One source by itself. */
export class Source implements RecordSource {
  readonly sourceIndex: number;
  readonly facts: SourceFacts;
  readonly record: CaptureRecord;
  readonly #reader: Reader;
  readonly #feed: Feed;
  readonly #buffer: BlockBuffer;

  constructor(sourceIndex: number, facts: SourceFacts, reader: Reader, feed: Feed, buffer: BlockBuffer) {
    this.sourceIndex = sourceIndex;
    this.facts = facts;
    this.record = reader.record;
    this.#reader = reader;
    this.#feed = feed;
    this.#buffer = buffer;
  }

  next(): Step {
    return this.#reader.next();
  }

  fill(): boolean | Promise<boolean> {
    return this.#feed.fill(this.#buffer);
  }

  close(): void {
    this.#feed.close();
  }
}
