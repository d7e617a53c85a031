/** How fast a counter grows: a mean over the last seconds. */

/** Over which time the mean is taken, in milliseconds. */
const WINDOW_MS = 3000;

export class Rate {
  readonly #seen: { atMs: number; count: number }[] = [];

  /** Notes what the counter shows at this moment. */
  note(atMs: number, count: number): void {
    this.#seen.push({ atMs, count });
    while (this.#seen.length > 2 && (this.#seen[1]?.atMs ?? atMs) <= atMs - WINDOW_MS) this.#seen.shift();
  }

  /** Per second; 0 before there is anything to compare. */
  get perSecond(): number {
    const [first] = this.#seen;
    const last = this.#seen.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
    return ((last.count - first.count) * 1000) / (last.atMs - first.atMs);
  }
}
