/** What a service tried, in order of time, and how each attempt went: what its verdict and its numbers are made of. */
import { GrowingDoubles } from "./growing-doubles.ts";
import { GrowingInts } from "./growing-ints.ts";
import { responseTimesOf } from "./order-statistics.ts";
import type { ResponseTimes } from "./records.ts";

/** Attempts at the end that are looked at to tell whether the service works now: at least so many, and all within TAIL_NS of the last. */
const TAIL_ATTEMPTS = 3;
const TAIL_NS = 5e9;

/** There may be millions of attempts: they are columns, and what is asked of them is computed once. */
export class Attempts {
  succeeded = 0;
  failed = 0;
  readonly #times: GrowingDoubles;
  /** 1 for an attempt that succeeded. */
  readonly #successes: GrowingInts;
  readonly #responsesMs: GrowingDoubles;
  #latestNs: number = Number.NEGATIVE_INFINITY;
  /** They were added in order of time. */
  #isSorted = true;
  /** Indexes in order of time, where that is not the order in which they were added; null when it must be made anew. */
  #order: number[] | null = null;
  /** Undefined when they must be computed anew. */
  #responseTimes: ResponseTimes | null | undefined;

  /** With so many attempts expected, which spares copies; memory is used by those that come. */
  constructor(expected = 16) {
    this.#times = new GrowingDoubles(expected);
    this.#successes = new GrowingInts(expected);
    this.#responsesMs = new GrowingDoubles(expected);
  }

  /** An attempt that came to its end. `responseMs` is null when it got no answer, or its time is not known. */
  add(atNs: number, success: boolean, responseMs: number | null = null): void {
    if (success) this.succeeded++;
    else this.failed++;
    if (atNs < this.#latestNs) this.#isSorted = false;
    else this.#latestNs = atNs;
    this.#successes.set(this.#times.length, success ? 1 : 0);
    this.#times.push(atNs);
    if (responseMs !== null) this.#responsesMs.push(responseMs);
    this.#order = null;
    this.#responseTimes = undefined;
  }

  get count(): number {
    return this.#times.length;
  }

  get responseMs(): ResponseTimes | null {
    this.#responseTimes ??= responseTimesOf(this.#responsesMs.values);
    return this.#responseTimes;
  }

  /** True when there were attempts at the end, and none of them succeeded. */
  get failsAtEnd(): boolean {
    const last = this.#at(this.count - 1);
    if (last === null) return false;
    for (let back = 1; back <= this.count; back++) {
      const attempt = this.#at(this.count - back);
      if (attempt === null || (back > TAIL_ATTEMPTS && last.atNs - attempt.atNs > TAIL_NS)) break;
      if (attempt.success) return false;
    }
    return true;
  }

  /** Attempts since the last success, which all failed, and when the first of them was made. */
  get failedLast(): { count: number; sinceNs: number } | null {
    let count = 0;
    let sinceNs = 0;
    for (let index = this.count - 1; index >= 0; index--) {
      const attempt = this.#at(index);
      if (attempt === null || attempt.success) break;
      count++;
      sinceNs = attempt.atNs;
    }
    return count === 0 ? null : { count, sinceNs };
  }

  /** The first success after the last failure; null when nothing failed, or nothing succeeded since. */
  get soundSinceNs(): number | null {
    let sinceNs: number | null = null;
    for (let index = this.count - 1; index >= 0; index--) {
      const attempt = this.#at(index);
      if (attempt === null) return null;
      if (!attempt.success) return sinceNs;
      sinceNs = attempt.atNs;
    }
    return null;
  }

  /** Tells attempts from the last one back, until `take` answers false. */
  forLast(take: (atNs: number, success: boolean) => boolean): void {
    for (let index = this.count - 1; index >= 0; index--) {
      const attempt = this.#at(index);
      if (attempt === null || !take(attempt.atNs, attempt.success)) return;
    }
  }

  #at(index: number): { atNs: number; success: boolean } | null {
    if (index < 0 || index >= this.count) return null;
    let place = index;
    if (!this.#isSorted) {
      this.#order ??= this.#inOrder();
      place = this.#order[index] ?? index;
    }
    return { atNs: this.#times.at(place), success: this.#successes.get(place) === 1 };
  }

  #inOrder(): number[] {
    const times = this.#times;
    return Array.from({ length: times.length }, (_, index) => index).sort((a, b) => times.at(a) - times.at(b) || a - b);
  }
}
