/** A list of numbers that grows at its end, without an object for each. */
export class GrowingDoubles {
  length = 0;
  #values: Float64Array;

  constructor(initialLength = 16) {
    this.#values = new Float64Array(initialLength);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Float64Array(Math.max(16, this.#values.length * 2));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }

  /** The number at `index`, which is below `length`. */
  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** All of them: a view, valid until the next is added. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}
