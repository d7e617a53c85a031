/** What one direction of a TCP stream holds while bytes before it are missing. */

/** What holding one stretch of bytes, or one stream with a hole, costs beside the bytes themselves. */
export const HELD_OVERHEAD_BYTES = 128;

/** A stretch of sequence space that came early: its bytes, or null when the capture cut them off. */
export interface Held {
  readonly sequence: number;
  readonly length: number;
  readonly bytes: DataView | null;
  readonly packet: number;
}

/** What one direction holds: stretches in order of sequence, none of which overlap. */
export class HeldStream {
  stretches: Held[] = [];
  heldBytes: number = HELD_OVERHEAD_BYTES;
  /** The FIN's sequence number; null until it came. */
  fin: number | null = null;
}

/**
 * Adds `[from, to)`, distances from `expected`, where nothing is held yet; the byte at distance d stands at `origin + d` in `view`.
 * Bytes also replace what is held as cut off.
 */
export function place(
  held: HeldStream,
  expected: number,
  from: number,
  to: number,
  view: DataView | null,
  origin: number,
  packet: number,
): void {
  if (from >= to) return;
  const { stretches } = held;
  const first = firstEndingAfter(stretches, expected, from);
  let last = first;
  const placed: Held[] = [];
  let at = from;
  for (; last < stretches.length; last++) {
    const stretch = stretches[last];
    if (stretch === undefined) break;
    const start = (stretch.sequence - expected) | 0;
    if (start >= to) break;
    const end = start + stretch.length;
    if (view !== null && stretch.bytes === null) {
      if (start < from) placed.push(voidStretch(stretch, expected, start, from));
      if (end > to) {
        placed.push(...copyOf(view, expected, origin, at, to, packet), voidStretch(stretch, expected, to, end));
        at = end;
      }
      continue;
    }
    placed.push(...copyOf(view, expected, origin, at, Math.min(start, to), packet), stretch);
    at = end;
  }
  placed.push(...copyOf(view, expected, origin, at, to, packet));
  for (let index = first; index < last; index++) held.heldBytes -= costOf(stretches[index]);
  for (const stretch of placed) held.heldBytes += costOf(stretch);
  stretches.splice(first, last - first, ...placed);
}

/** The stretch of `[from, to)`, copied; none when it is empty. */
function copyOf(
  view: DataView | null,
  expected: number,
  origin: number,
  from: number,
  to: number,
  packet: number,
): Held[] {
  if (from >= to) return [];
  const sequence = (expected + from) | 0;
  const length = to - from;
  if (view === null) return [{ sequence, length, bytes: null, packet }];
  const bytes = new Uint8Array(length);
  bytes.set(new Uint8Array(view.buffer, view.byteOffset + origin + from, length));
  return [{ sequence, length, bytes: new DataView(bytes.buffer), packet }];
}

function voidStretch(stretch: Held, expected: number, from: number, to: number): Held {
  return { sequence: (expected + from) | 0, length: to - from, bytes: null, packet: stretch.packet };
}

/** Index of the first stretch that ends after the distance `from`. */
function firstEndingAfter(stretches: readonly Held[], expected: number, from: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const stretch = stretches[middle];
    if (stretch !== undefined && ((stretch.sequence - expected) | 0) + stretch.length <= from) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function costOf(stretch: Held | undefined): number {
  return stretch === undefined ? 0 : HELD_OVERHEAD_BYTES + (stretch.bytes?.byteLength ?? 0);
}
