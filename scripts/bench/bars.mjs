/** What is to be reached: each bar takes what was measured and answers with a figure, null when there is none, and whether that is enough. */
import { ratioOf } from "./measure.mjs";

/** `one` takes at most `times` the wall time of `other`. */
export function atMostTimes(what, one, other, times) {
  return {
    what,
    reach: `at most ${times.toFixed(1)} x ${other}`,
    measure: (timings) => ratioOf(timings.get(one), timings.get(other)),
    show: (ratio) => `${ratio.toFixed(2)} x`,
    isReached: (ratio) => ratio <= times,
  };
}

/** For each packet, `one` is at least `times` as fast as `other`; each has its number of packets. */
export function timesFaster(what, [one, packets], [other, otherPackets], times) {
  return {
    what,
    reach: `at least ${times} x faster than ${other}`,
    measure: (timings) => {
      const ratio = ratioOf(timings.get(other), timings.get(one));
      return ratio === null ? null : (ratio * packets) / otherPackets;
    },
    show: (ratio) => `${ratio.toFixed(1)} x faster`,
    isReached: (ratio) => ratio >= times,
  };
}

/** `one` needs at most this much resident memory. */
export function atMostMegabytes(what, one, megabytes) {
  return {
    what,
    reach: `at most ${megabytes} MB`,
    measure: (timings) => {
      const { peakBytes } = timings.get(one);
      return peakBytes === null ? null : peakBytes / 1e6;
    },
    show: (value) => `${value.toFixed(0)} MB`,
    isReached: (value) => value <= megabytes,
  };
}

/** `one` takes at most so many milliseconds more than `other`. */
export function withinMilliseconds(what, one, other, milliseconds) {
  return {
    what,
    reach: `within ${milliseconds} ms of ${other}`,
    measure: (timings) => {
      const [mine, theirs] = [timings.get(one).median, timings.get(other).median];
      return mine === null || theirs === null ? null : (mine - theirs) * 1000;
    },
    show: (value) => `${value.toFixed(0)} ms more`,
    isReached: (value) => value <= milliseconds,
  };
}

/** The largest of the figures that `figuresOf` makes of the timings is at most so many percent above the least. */
export function evenWithin(what, percent, figuresOf, showOne) {
  return {
    what,
    reach: `even within ${percent} %`,
    measure: (timings) => {
      const figures = figuresOf(timings);
      return figures.every(Number.isFinite) ? figures : null;
    },
    show: (figures) => `${spreadOf(figures).toFixed(0)} % (${figures.map(showOne).join(", ")})`,
    isReached: (figures) => spreadOf(figures) <= percent,
  };
}

function spreadOf(figures) {
  return (Math.max(...figures) / Math.min(...figures) - 1) * 100;
}
