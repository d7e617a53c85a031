/** Which packets one capture saw while another was about to replace it, so that what both saw counts once. */
import type { CaptureRecord } from "../record.ts";

/** Different packets that are kept apart; captures overlap for an instant alone. */
const MAX_PACKETS = 100_000;

/** After this time behind the last packet of the old capture, equal bytes are another packet. */
const OVERLAP_NS = 100e6;

/** A multiset of packets by a hash of their bytes: stamps of two captures differ, bytes do not. */
export class PacketTally {
  readonly #counts = new Map<number, number>();

  #latestNs = Number.NEGATIVE_INFINITY;

  add(record: CaptureRecord): void {
    this.#latestNs = Math.max(this.#latestNs, record.timeNs);
    const key = hashOf(record);
    if (this.#counts.size < MAX_PACKETS) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** True when the packet was there; it is taken out. */
  takeOut(record: CaptureRecord): boolean {
    if (this.#counts.size === 0) return false;
    if (record.timeNs > this.#latestNs + OVERLAP_NS) {
      this.#counts.clear();
      return false;
    }
    const key = hashOf(record);
    const count = this.#counts.get(key) ?? 0;
    if (count > 1) this.#counts.set(key, count - 1);
    else this.#counts.delete(key);
    return count > 0;
  }
}

/** FNV-1a over the captured bytes, twice with different starts: 53 bits that a double holds. */
function hashOf({ view, start, end }: CaptureRecord): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x85ebca6b);
  }
  return (high >>> 11) * 0x100000000 + (low >>> 0);
}
