/** The beginning of a message's body, kept to be looked into. */
import { MAX_BODY_PREFIX_BYTES } from "../limits.ts";
import type { BodySink } from "./http-body.ts";

/** Keeps the first MAX_BODY_PREFIX_BYTES of a body's content in a buffer of its own. */
export class BodyPrefix implements BodySink {
  /** Bytes that are kept, from offset 0 of `view`. */
  length = 0;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  /** What is kept is `view[0, length)`. */
  get view(): DataView {
    return new DataView(this.#bytes.buffer, 0, this.length);
  }

  content(view: DataView, start: number, end: number): void {
    const count = Math.min(end - start, MAX_BODY_PREFIX_BYTES - this.length);
    if (count <= 0) return;
    this.#reserve(this.length + count);
    this.#bytes.set(new Uint8Array(view.buffer, view.byteOffset + start, count), this.length);
    this.length += count;
  }

  #reserve(neededBytes: number): void {
    if (neededBytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.min(MAX_BODY_PREFIX_BYTES, Math.max(neededBytes, this.#bytes.length * 2)));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }
}
