/**
 * When to draw. A key is answered at once, unless the key before it was answered less than a frame ago; news wait for their turn, and go
 * with a key's frame when there is one. So there are at most ten frames a second, and drawing never takes more than a quarter of the time.
 */

/** Milliseconds between frames. */
export interface Pace {
  /** Between two frames that answer keys. */
  readonly keyMs: number;
  /** Between a frame that only tells news and the one before it. */
  readonly newsMs: number;
  /** Between two looks at what is new. */
  readonly pullMs: number;
  /** That a key waits for the rows it asks for, before what is there is drawn. */
  readonly waitMs: number;
}

export const USUAL_PACE: Pace = { keyMs: 100, newsMs: 200, pullMs: 250, waitMs: 60 };

/** News wait this many times as long as the last frame took to draw. */
const REST_FACTOR = 3;

export class Pacer {
  readonly #draw: () => void;
  readonly #pace: Pace;
  #timer: NodeJS.Timeout | null = null;
  #dueAt = Number.POSITIVE_INFINITY;
  #forKey = false;
  #keyFrameAt = Number.NEGATIVE_INFINITY;
  #frameAt = Number.NEGATIVE_INFINITY;
  #costMs = 0;

  constructor(draw: () => void, pace: Pace) {
    this.#draw = draw;
    this.#pace = pace;
  }

  /** A frame is wanted, `delayMs` from now at the earliest. */
  want(cause: "key" | "news", delayMs: number = 0): void {
    const now = performance.now();
    const earliest =
      cause === "key"
        ? this.#keyFrameAt + this.#pace.keyMs
        : this.#frameAt + Math.max(this.#pace.newsMs, REST_FACTOR * this.#costMs);
    const at = Math.max(now + delayMs, earliest);
    if (cause === "key") this.#forKey = true;
    if (at > now) this.#schedule(at, now);
    else this.#frame();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #schedule(at: number, now: number): void {
    if (at >= this.#dueAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => this.#frame(), at - now);
  }

  #frame(): void {
    this.stop();
    const now = performance.now();
    // A key that came right behind news took the next one's turn.
    if (this.#forKey) this.#keyFrameAt = Math.max(now, this.#frameAt + this.#pace.keyMs);
    this.#forKey = false;
    this.#frameAt = now;
    this.#draw();
    this.#costMs = performance.now() - now;
  }
}
