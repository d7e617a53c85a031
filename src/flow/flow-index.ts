/** Finds the flow of a key: open addressing over the flow table, with a hash that cannot be foreseen. */
import { FlowField, FlowKind, type FlowTable } from "./flow-table.ts";
import { type FlowKey, hasKey } from "./key.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Field = FlowField;
const Kind = FlowKind;

const FIRST_CAPACITY: number = 1 << 10;
/** Words of a slot: hash, then flow plus one (0: empty). */
const SLOT_WORDS = 2;
const KEY_WORDS = 9;
/** Flows that are found without a look into the slots, which are large and cold: a power of two. */
const RECENT_FLOWS = 1 << 10;

/**
 * The newest flow of each key. Slots are probed one after the other and never more than half full.
 * Each word of a key is multiplied by an odd number drawn from `seed`, so that keys made to collide do not. No result depends on it.
 */
export class FlowIndex {
  private capacity = FIRST_CAPACITY;
  private slots: Int32Array = new Int32Array(FIRST_CAPACITY * SLOT_WORDS);
  private count = 0;
  /** Flow plus one (0: none) that was found or added last for its place: the lowest bits of the key's hash. */
  private readonly recent: Int32Array = new Int32Array(RECENT_FLOWS);
  private readonly multipliers: Int32Array = new Int32Array(KEY_WORDS);
  private readonly flows: FlowTable;

  constructor(flows: FlowTable, seed: number) {
    this.flows = flows;
    let state = seed | 0;
    for (let word = 0; word < KEY_WORDS; word++) {
      state = (state + 0x9e3779b9) | 0;
      this.multipliers[word] = mix(state) | 1;
    }
  }

  /** The flow of `key`; -1 without. Sets `key.hash`. Few flows have packets at one time: where they were found before is tried first. */
  find(key: FlowKey): number {
    const hash = this.hash(key);
    key.hash = hash;
    const { recent } = this;
    const place = hash & (RECENT_FLOWS - 1);
    const held = (recent[place] ?? 0) - 1;
    if (held >= 0 && hasKey(this.flows, held, key)) return held;
    const { slots } = this;
    const mask = this.capacity - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const flow = (slots[slot * SLOT_WORDS + 1] ?? 0) - 1;
      if (flow < 0) return -1;
      if (slots[slot * SLOT_WORDS] === hash && hasKey(this.flows, flow, key)) {
        recent[place] = flow + 1;
        return flow;
      }
    }
  }

  /** Adds `flow`, whose row has the hash of its key; `older` (-1 without) is the flow that had that key until now. */
  add(flow: number, older: number): void {
    const hash = this.flows.int(flow, Field.hash);
    this.recent[hash & (RECENT_FLOWS - 1)] = flow + 1;
    if (older >= 0) {
      const slot = this.slotOf(older, hash);
      if (slot >= 0) {
        this.slots[slot * SLOT_WORDS + 1] = flow + 1;
        return;
      }
    }
    if (this.count * 2 >= this.capacity) this.grow();
    this.put(hash, flow + 1);
    this.count++;
  }

  /** Takes `flow` out; nothing happens when a newer flow has its key. */
  remove(flow: number): void {
    const hash = this.flows.int(flow, Field.hash);
    const slot = this.slotOf(flow, hash);
    if (this.recent[hash & (RECENT_FLOWS - 1)] === flow + 1) this.recent[hash & (RECENT_FLOWS - 1)] = 0;
    if (slot < 0) return;
    this.count--;
    this.closeGap(slot);
  }

  private slotOf(flow: number, hash: number): number {
    const mask = this.capacity - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const held = this.slots[slot * SLOT_WORDS + 1] ?? 0;
      if (held === 0) return -1;
      if (held === flow + 1) return slot;
    }
  }

  private put(hash: number, held: number): void {
    const mask = this.capacity - 1;
    let slot = hash & mask;
    while (this.slots[slot * SLOT_WORDS + 1] !== 0) slot = (slot + 1) & mask;
    this.slots[slot * SLOT_WORDS] = hash;
    this.slots[slot * SLOT_WORDS + 1] = held;
  }

  /** Empties `gap` and moves later slots back, so that no look-up stops early. */
  private closeGap(start: number): void {
    const { slots } = this;
    const mask = this.capacity - 1;
    let gap = start;
    for (let slot = (gap + 1) & mask; slots[slot * SLOT_WORDS + 1] !== 0; slot = (slot + 1) & mask) {
      const hash = slots[slot * SLOT_WORDS] ?? 0;
      if (((slot - hash) & mask) < ((slot - gap) & mask)) continue;
      slots[gap * SLOT_WORDS] = hash;
      slots[gap * SLOT_WORDS + 1] = slots[slot * SLOT_WORDS + 1] ?? 0;
      gap = slot;
    }
    slots[gap * SLOT_WORDS + 1] = 0;
  }

  private grow(): void {
    const old = this.slots;
    this.capacity *= 2;
    this.slots = new Int32Array(this.capacity * SLOT_WORDS);
    for (let at = 0; at < old.length; at += SLOT_WORDS) {
      const held = old[at + 1] ?? 0;
      if (held !== 0) this.put(old[at] ?? 0, held);
    }
  }

  private hash(key: FlowKey): number {
    const by = this.multipliers;
    let state = key.protocol;
    if (key.kind === Kind.dhcp) {
      state = step(state, key.macHigh, by[0] ?? 1);
      return mix(step(state, key.macLow, by[1] ?? 1));
    }
    state = step(state, (key.vmPort << 16) ^ (key.platformPort & 0xffff), by[0] ?? 1);
    state = step(state, key.vm3, by[1] ?? 1);
    state = step(state, key.platform3, by[2] ?? 1);
    if (key.ipVersion === 6) {
      state = step(state, key.vm0, by[3] ?? 1);
      state = step(state, key.vm1, by[4] ?? 1);
      state = step(state, key.vm2, by[5] ?? 1);
      state = step(state, key.platform0, by[6] ?? 1);
      state = step(state, key.platform1, by[7] ?? 1);
      state = step(state, key.platform2, by[8] ?? 1);
    }
    return mix(state);
  }
}

/** Takes one word of a key in. The shift keeps high bits, which a multiplication alone never spreads, from cancelling out. */
function step(state: number, word: number, multiplier: number): number {
  const product = Math.imul(state ^ word, multiplier);
  return product ^ (product >>> 15);
}

/** Spreads every bit over all (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
