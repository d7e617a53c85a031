/** Middle, 95th percentile and largest of samples, by the same definitions as the services' answers in the report. */

export interface Spread {
  samples: number;
  min: number;
  median: number;
  p95: number;
  max: number;
}

/** Of an even number the lower middle; the 95th percentile is the smallest that at least 95 of 100 do not exceed. Null without samples. */
export function spreadOf(samples: readonly number[]): Spread | null {
  if (samples.length === 0) return null;
  const sorted = Float64Array.from(samples).sort();
  const at = (index: number): number => sorted[index] ?? 0;
  return {
    samples: sorted.length,
    min: at(0),
    median: at((sorted.length - 1) >> 1),
    p95: at(Math.ceil(sorted.length * 0.95) - 1),
    max: at(sorted.length - 1),
  };
}
