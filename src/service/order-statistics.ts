/** Middle, 95th percentile and largest of numbers. Sorting copies: what is given stays in its order. */
import type { ResponseTimes } from "./records.ts";

/** The middle number, of an even count the lower of the two; null without any. */
export function medianOf(values: ArrayLike<number>): number | null {
  const sorted = Float64Array.from(values).sort();
  return sorted[(sorted.length - 1) >> 1] ?? null;
}

/** Null without any. The 95th percentile is the smallest value that at least 95 of 100 do not exceed. */
export function responseTimesOf(values: ArrayLike<number>): ResponseTimes | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (index: number): number => sorted[index] ?? 0;
  return {
    median: at((sorted.length - 1) >> 1),
    p95: at(Math.ceil(sorted.length * 0.95) - 1),
    max: at(sorted.length - 1),
  };
}
