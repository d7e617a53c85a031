/** A set of flow ids, a bit each: it may hold a million of them. */
export class FlowSet {
  size = 0;
  readonly #bits: Uint8Array;

  /** For ids below `flows`; others are never in it. */
  constructor(flows: number) {
    this.#bits = new Uint8Array((flows + 7) >>> 3);
  }

  has(flow: number): boolean {
    return ((this.#bits[flow >>> 3] ?? 0) & (1 << (flow & 7))) !== 0;
  }

  add(flow: number): void {
    if (this.has(flow) || flow >>> 3 >= this.#bits.length) return;
    this.#bits[flow >>> 3] = (this.#bits[flow >>> 3] ?? 0) | (1 << (flow & 7));
    this.size++;
  }
}
