/** Turns pcapng's 64-bit tick counts into seconds and nanoseconds without BigInt for a packet (draft-ietf-opsawg-pcapng section 4.2, if_tsresol). */

/** Finest resolutions whose arithmetic fits a double; finer ones, which nobody writes, go through BigInt. */
const FINEST_DECIMAL = 15;
const FINEST_BINARY = 30;

/** A resolution as if_tsresol states it: ticks of 10^-exponent or 2^-exponent seconds. */
export interface Resolution {
  binary: boolean;
  exponent: number;
}

/** What holds when an interface states no if_tsresol. */
export const DEFAULT_RESOLUTION: Resolution = { binary: false, exponent: 6 };

/** The resolution in an if_tsresol octet: its top bit says power of two. */
export function resolutionOf(octet: number): Resolution {
  return { binary: (octet & 0x80) !== 0, exponent: octet & 0x7f };
}

/** "10^-6" or "2^-20". */
export function resolutionText({ binary, exponent }: Resolution): string {
  return `${binary ? 2 : 10}^-${exponent}`;
}

/** Ticks in a second, as a double: exact up to 2^53, good for comparing beyond. */
export function ticksPerSecond({ binary, exponent }: Resolution): number {
  return (binary ? 2 : 10) ** exponent;
}

/** The clock of one interface. `convert` leaves its result in `seconds` and `nanoseconds`. */
export class TickClock {
  /** Whole seconds since 1970, if_tsoffset included. */
  seconds = 0;
  /** 0 to 999,999,999; finer parts are cut. */
  nanoseconds = 0;
  readonly #resolution: Resolution;
  readonly #ticksPerSecond: number;
  readonly #offsetSeconds: number;
  readonly #exact: boolean;
  /** Nanoseconds in a tick when that is a whole number; 0 otherwise. */
  readonly #tickNs: number;
  /** The high word that came last, and the seconds and ticks that it stands for: it changes rarely. */
  #high = -1;
  #highSeconds = 0;
  #highTicks = 0;

  constructor(resolution: Resolution, offsetSeconds: number) {
    this.#resolution = resolution;
    this.#ticksPerSecond = ticksPerSecond(resolution);
    this.#offsetSeconds = offsetSeconds;
    this.#tickNs = !resolution.binary && resolution.exponent <= 9 ? 10 ** (9 - resolution.exponent) : 0;
    this.#exact = resolution.exponent <= (resolution.binary ? FINEST_BINARY : FINEST_DECIMAL);
  }

  /** Takes the two 32-bit halves of a timestamp. */
  convert(high: number, low: number): void {
    if (!this.#exact) {
      this.#convertFine(high, low);
      return;
    }
    if (high !== this.#high) this.#enterHigh(high);
    const ticks = this.#highTicks + low;
    const carried = Math.floor(ticks / this.#ticksPerSecond);
    this.seconds = this.#highSeconds + carried;
    const rest = ticks - carried * this.#ticksPerSecond;
    this.nanoseconds = this.#tickNs === 0 ? this.#nanosecondsOf(rest) : rest * this.#tickNs;
  }

  #enterHigh(high: number): void {
    const ticks = BigInt(high) << 32n;
    const perSecond = BigInt(this.#ticksPerSecond);
    this.#high = high;
    this.#highSeconds = Number(ticks / perSecond) + this.#offsetSeconds;
    this.#highTicks = Number(ticks % perSecond);
  }

  /** For ticks that are less than a second's and no whole number of nanoseconds. */
  #nanosecondsOf(ticks: number): number {
    const { binary, exponent } = this.#resolution;
    if (!binary) return Math.floor(ticks / 10 ** (exponent - 9));
    // ticks * 10^9 / 2^exponent in two parts of at most 15 bits, each exact in a double.
    const upper = ticks >>> 15;
    const lower = ticks & 0x7fff;
    const product = upper * 1e9 * 2 ** 15 + lower * 1e9;
    if (product < 2 ** 53) return Math.floor(product / 2 ** exponent);
    return Math.floor((upper * 1e9 + Math.floor((lower * 1e9) / 2 ** 15)) / 2 ** (exponent - 15));
  }

  #convertFine(high: number, low: number): void {
    const { binary, exponent } = this.#resolution;
    const perSecond = (binary ? 2n : 10n) ** BigInt(exponent);
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    this.seconds = Number(ticks / perSecond) + this.#offsetSeconds;
    this.nanoseconds = Number(((ticks % perSecond) * 1_000_000_000n) / perSecond);
  }
}
