/** A column of 32-bit integers that grows as rows are touched; what was never set is 0. */
export class GrowingInts {
  #values: Int32Array;

  constructor(initialLength = 1024) {
    this.#values = new Int32Array(initialLength);
  }

  get(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) {
      const grown = new Int32Array(Math.max(this.#values.length * 2, index + 1));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[index] = value;
  }
}
