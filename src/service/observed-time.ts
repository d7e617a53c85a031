/** The time that the capture covers so far, in nanoseconds from the time base: what is still within its normal waiting time at the end is not failed. */
export interface ObservedTime {
  /** Null before the first packet with a time. */
  startedNs: number | null;
  endedNs: number | null;
}
