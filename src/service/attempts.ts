/** What a service tried, in order of time, and how each attempt went: what its verdict and its numbers are made of. */
import { responseTimesOf } from "./order-statistics.ts";
import type { ResponseTimes } from "./records.ts";

/** Attempts at the end that are looked at to tell whether the service works now: at least so many, and all within TAIL_NS of the last. */
const TAIL_ATTEMPTS = 3;
const TAIL_NS = 5e9;

export class Attempts {
  succeeded = 0;
  failed = 0;
  readonly #times: number[] = [];
  readonly #successes: boolean[] = [];
  readonly #responsesMs: number[] = [];
  /** Indexes in order of time; null when it must be made anew. */
  #order: number[] | null = null;

  /** An attempt that came to its end. `responseMs` is null when it got no answer, or its time is not known. */
  add(atNs: number, success: boolean, responseMs: number | null = null): void {
    if (success) this.succeeded++;
    else this.failed++;
    this.#times.push(atNs);
    this.#successes.push(success);
    if (responseMs !== null) this.#responsesMs.push(responseMs);
    this.#order = null;
  }

  get count(): number {
    return this.#times.length;
  }

  get responseMs(): ResponseTimes | null {
    return responseTimesOf(this.#responsesMs);
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
    this.#order ??= this.#inOrder();
    const place = this.#order[index];
    if (place === undefined) return null;
    return { atNs: this.#times[place] ?? 0, success: this.#successes[place] ?? false };
  }

  #inOrder(): number[] {
    const times = this.#times;
    const order = times.map((_, index) => index);
    const sorted = times.every((time, index) => index === 0 || time >= (times[index - 1] ?? time));
    return sorted ? order : order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  }
}
