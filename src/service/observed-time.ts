/** What the capture can tell of silence. Times are in nanoseconds from the time base: what is still within its normal waiting time at the end is not failed. */
export interface ObservedTime {
  /** Null before the first packet with a time. */
  startedNs: number | null;
  endedNs: number | null;
  /** False when the capture holds one direction alone: what has no answer there has not failed, nobody knows. */
  silenceTells: boolean;
  /** False when DNS answers may be missing from the capture alone. */
  dnsSilenceTells: boolean;
}
