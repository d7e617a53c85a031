/** TCP conversations by a seed, for comparison with another analyser: plausible ones with loss and reordering, and wild ones. */
import { packetOf, type Segment, type TimedPacket } from "./segments.ts";

const SYN = 2;
const ACK = 16;
const FIN_ACK = 17;
const SYN_ACK = 18;
const RST = 4;
const RST_ACK = 20;
const WRAP = 2 ** 32;

/** Packets of `count` connections, each on a VM port of its own, in order of time. */
export function randomConnections(count: number, seed: number): TimedPacket[] {
  const segments: Segment[] = [];
  for (let index = 0; index < count; index++) {
    const random = generator(seed + index);
    const make = index % 2 === 0 ? plausibleConnection : wildConnection;
    segments.push(...make(20_000 + index, index * 50e6, random));
  }
  segments.sort((one, other) => one.atNs - other.atNs);
  return segments.map(packetOf);
}

/** A linear congruential generator: numbers from 0 to below 1. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / WRAP;
  };
}

/** A download with lost, late and repeated segments, closed windows, keep-alives and probes; one in thirty packets was not captured. */
function plausibleConnection(vmPort: number, startNs: number, random: () => number): Segment[] {
  const segments: Segment[] = [];
  const roundTripNs = 200e3 + random() * 5e6;
  let vm = Math.floor(random() * WRAP);
  let sent = Math.floor(random() * WRAP);
  let atNs = startNs;
  const put = (
    when: number,
    fromVm: boolean,
    flags: number,
    sequence: number,
    ack: number,
    bytes: number,
    window = 500,
  ) => {
    if (random() < 0.03) return;
    segments.push(segment(when, fromVm, flags, sequence, ack, bytes, window, vmPort));
  };
  put(atNs, true, SYN, vm, 0, 0);
  if (random() < 0.2) {
    atNs += 1e9;
    put(atNs, true, SYN, vm, 0, 0);
  }
  put(atNs + roundTripNs, false, SYN_ACK, sent, vm + 1, 0);
  vm++;
  sent++;
  atNs += roundTripNs + 2000;
  put(atNs, true, ACK, vm, sent, 0);
  put(atNs, true, ACK, vm, sent, 100);
  vm += 100;
  let acknowledged = sent;
  const holes: number[] = [];
  for (let step = 0; step < 60; step++) {
    atNs += random() * roundTripNs;
    if (random() < 0.6) {
      const bytes = 100 + Math.floor(random() * 3) * 100;
      const isLost = random() < 0.1;
      const lateNs = random() < 0.1 ? roundTripNs * 2 * random() : 0;
      if (!isLost) put(atNs + lateNs, false, ACK, sent, vm, bytes);
      if (isLost || random() < 0.05) holes.push(sent);
      sent += bytes;
    } else if (random() < 0.3 && holes.length > 0) {
      put(atNs, false, ACK, holes.shift() ?? 0, vm, 100);
      acknowledged = sent;
    } else {
      if (holes.length === 0) acknowledged = sent;
      put(atNs, true, ACK, vm, acknowledged, 0, random() < 0.1 ? 0 : 500);
    }
    if (random() < 0.05) put(atNs + 100, false, ACK, sent - 1, vm, random() < 0.5 ? 0 : 1);
    if (random() < 0.05) put(atNs + 200, false, ACK, sent, vm, 1);
  }
  put(atNs + 5e6, false, FIN_ACK, sent, vm, 0);
  put(atNs + 6e6, true, FIN_ACK, vm, sent + 1, 0);
  put(atNs + 7e6, false, ACK, sent + 1, vm + 1, 0);
  return segments.sort((one, other) => one.atNs - other.atNs);
}

/** Flags, sequence numbers and acknowledgments at random from a narrow range, also across the wrap. */
function wildConnection(vmPort: number, startNs: number, random: () => number): Segment[] {
  const segments: Segment[] = [];
  const bases = [random() < 0.3 ? WRAP - 5 : Math.floor(random() * WRAP), Math.floor(random() * WRAP)];
  let atNs = startNs;
  const count = 3 + Math.floor(random() * 40);
  for (let index = 0; index < count; index++) {
    atNs += random() < 0.5 ? random() * 2e6 : random() * 60e6;
    const fromVm = random() < 0.5;
    const span = random() < 0.5 ? 4 : 20;
    const own = bases[fromVm ? 0 : 1] ?? 0;
    const flags = wildFlags(random());
    const hasAck = flags !== SYN && flags !== RST;
    const sequence = flags === SYN && random() < 0.9 ? own : own + Math.floor(random() * span);
    const ack = hasAck ? (bases[fromVm ? 1 : 0] ?? 0) + Math.floor(random() * span) : 0;
    const bytes = random() < 0.5 ? 0 : Math.floor(random() * 4);
    const window = random() < 0.2 ? 0 : random() < 0.3 ? 100 : 200;
    segments.push(segment(atNs, fromVm, flags, sequence, ack, bytes, window, vmPort));
  }
  return segments;
}

function wildFlags(chance: number): number {
  if (chance < 0.15) return SYN;
  if (chance < 0.25) return SYN_ACK;
  if (chance < 0.3) return FIN_ACK;
  if (chance < 0.33) return RST;
  return chance < 0.36 ? RST_ACK : ACK;
}

function segment(
  atNs: number,
  fromVm: boolean,
  flags: number,
  sequence: number,
  acknowledgment: number,
  bytes: number,
  window: number,
  vmPort: number,
): Segment {
  return {
    atNs: Math.floor(atNs),
    fromVm,
    flags,
    sequence: sequence % WRAP,
    acknowledgment: acknowledgment % WRAP,
    payload: new Uint8Array(bytes),
    window,
    vmPort,
    platformPort: 80,
  };
}
