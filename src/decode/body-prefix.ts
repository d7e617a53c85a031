/** The beginning of a message's body, kept to be looked into. */
import type { ByteBudget } from "../bytes/byte-budget.ts";
import { MAX_BODY_PREFIX_BYTES } from "../limits.ts";
import type { BodySink } from "./http-body.ts";

/** Keeps the first MAX_BODY_PREFIX_BYTES of a body's content in a buffer of its own, or less when the budget allows no more. */
export class BodyPrefix implements BodySink {
  /** Bytes that are kept, from offset 0 of `view`. */
  length = 0;
  readonly #budget: ByteBudget;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #full = false;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** What is kept is `view[0, length)`. */
  get view(): DataView {
    return new DataView(this.#bytes.buffer, 0, this.length);
  }

  content(view: DataView, start: number, end: number): void {
    const count = Math.min(end - start, MAX_BODY_PREFIX_BYTES - this.length);
    if (count <= 0 || this.#full) return;
    this.#full = !this.#reserve(this.length + count);
    if (this.#full) return;
    this.#bytes.set(new Uint8Array(view.buffer, view.byteOffset + start, count), this.length);
    this.length += count;
  }

  /** Gives its bytes back to the budget. */
  letGo(): void {
    this.#budget.give(this.#bytes.length);
    this.#bytes = new Uint8Array(0);
    this.length = 0;
  }

  #reserve(neededBytes: number): boolean {
    if (neededBytes <= this.#bytes.length) return true;
    const grown = Math.min(MAX_BODY_PREFIX_BYTES, Math.max(neededBytes, this.#bytes.length * 2));
    if (!this.#budget.take(grown - this.#bytes.length)) return false;
    const bytes = new Uint8Array(grown);
    bytes.set(this.#bytes.subarray(0, this.length));
    this.#bytes = bytes;
    return true;
  }
}
