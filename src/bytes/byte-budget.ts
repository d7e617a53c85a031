/** Bytes that many small buffers may hold together. Whoever grows a buffer asks first, and gives back what it lets go. */
export class ByteBudget {
  held = 0;
  /** Requests that were refused: their bytes were not kept. */
  refused = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether `bytes` more may be held; they then count as held. */
  take(bytes: number): boolean {
    if (this.held + bytes > this.#maxBytes) {
      this.refused++;
      return false;
    }
    this.held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}
