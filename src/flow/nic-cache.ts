/** Which NIC a packet's link fields led to before. */
import type { IpAddress, Packet } from "../decode/packet.ts";
import { hidesInterface } from "./observation.ts";

/** Rows of the cache, a power of two. */
const CACHE_ROWS = 1024;

/** Remembers which row a packet's link fields led to: direct-mapped, so that a look-up costs one comparison of numbers. */
export class NicCache {
  /** Row found by `look`; -1 when the cache has none. */
  value = -1;
  private slot = 0;
  private readonly wanted: Int32Array = new Int32Array(5);
  private readonly keys: Int32Array = new Int32Array(CACHE_ROWS * 5);
  private readonly values: Int32Array = new Int32Array(CACHE_ROWS).fill(-1);

  /** Looks for a packet's row and leaves it in `value`; `keep` then stores one for the same packet. */
  look(packet: Packet, toPlatform: boolean, address: IpAddress, source: number, interfaceIndex: number): void {
    const direction = toPlatform ? 1 : 0;
    const hidden = hidesInterface(packet) && !toPlatform;
    const vmMacFirst = toPlatform || packet.cookedType >= 0;
    const high = vmMacFirst ? packet.sourceMacHigh : packet.destinationMacHigh;
    const low = vmMacFirst ? packet.sourceMacLow : packet.destinationMacLow;
    const key1 = ((high & 0xffff) << 16) | ((packet.cookedType & 0xff) << 8) | (high < 0 ? 2 : 0) | direction;
    const key2 = hidden ? address.word3 ^ address.word2 : low;
    const key3 = hidden ? address.word0 ^ address.word1 : packet.cookedInterface;
    const key0 = (source << 16) ^ interfaceIndex;
    let hash = Math.imul(key0, 0x9e3779b1) ^ Math.imul(key1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) ^ Math.imul(key2, 0x27d4eb2f) ^ Math.imul(key3, 0x165667b1);
    hash ^= hash >>> 13;
    this.slot = hash & (CACHE_ROWS - 1);
    const { wanted, keys } = this;
    wanted[0] = key0;
    wanted[1] = key1;
    wanted[2] = key2;
    wanted[3] = key3;
    wanted[4] = packet.ipVersion;
    const at = this.slot * 5;
    const same =
      keys[at] === key0 &&
      keys[at + 1] === key1 &&
      keys[at + 2] === key2 &&
      keys[at + 3] === key3 &&
      keys[at + 4] === packet.ipVersion;
    this.value = same ? (this.values[this.slot] ?? -1) : -1;
  }

  keep(value: number): void {
    this.keys.set(this.wanted, this.slot * 5);
    this.values[this.slot] = value;
  }
}
