/** Instants of a report as numbers, so that they can be placed on an axis and sorted. */

/** Reads instants as whole nanoseconds from the second in which `base` lies: exact for a hundred days around it. */
export class InstantReader {
  /** Seconds since 1970 of the zero. */
  readonly baseSeconds: number;
  /** The last second that was read: neighbours share it more often than not. */
  #second = "";
  #secondNs = 0;

  constructor(base: string | null) {
    this.baseSeconds = base === null ? 0 : secondsOf(base);
  }

  ns(at: string): number {
    const second = at.slice(0, SECOND_CHARACTERS);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondNs = (secondsOf(at) - this.baseSeconds) * 1e9;
    }
    const fraction = at.slice(SECOND_CHARACTERS + 1, -1);
    return this.#secondNs + (fraction === "" ? 0 : Number(fraction.padEnd(9, "0")));
  }

  ms(at: string): number {
    return this.ns(at) / 1e6;
  }
}

/** "2026-01-02T03:04:05", before the fraction and the Z. */
const SECOND_CHARACTERS = 19;

function secondsOf(at: string): number {
  return Date.parse(`${at.slice(0, SECOND_CHARACTERS)}Z`) / 1000;
}
