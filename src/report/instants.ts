/** Instants of one analysis as the report writes them. */
import { instantText } from "../capture/timestamps.ts";

/** Makes the report's text of nanoseconds from the time base. */
export type InstantOf = (timeNs: number) => string;

/** Instants from the second `baseSeconds` since 1970, all with the same number of digits so that they compare as text. */
export function instantsFrom(baseSeconds: number, fractionDigits: 6 | 9): InstantOf {
  return (timeNs) => instantText(baseSeconds, timeNs, fractionDigits);
}

/** Milliseconds with the nanosecond's precision: the quotient of whole numbers prints without noise. */
export function milliseconds(ns: number): number {
  return Math.round(ns) / 1e6;
}

/** Milliseconds that were computed, without the noise behind the nanosecond. */
export function tidyMs(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1e6) / 1e6;
}
