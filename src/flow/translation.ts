/**
 * Flows that are one connection on two sides of the VM's address translation: a container's packet comes in by a bridge, and goes out
 * by a NIC a moment later with the VM's address, the same sequence number and payload, and mostly the same port.
 */
import { type Packet, PacketKind } from "../decode/packet.ts";
import { MAX_TRANSLATED_FLOWS } from "../limits.ts";
import { hidesInterface, observationPoint } from "./observation.ts";
import { PacketHash } from "./packet-hash.ts";
import { RecentPackets } from "./recent-packets.ts";

/** The two sightings of a forwarded packet are at most this far apart. */
export const TRANSLATION_WINDOW_NS = 1_000_000;

/** First packets remembered. */
const REMEMBERED_FLOWS = 1024;

/** Bytes of a datagram that must agree. */
const COMPARED_BYTES = 512;

/** What is remembered. */
const FLOW = 0;
const VM_ADDRESS = 1;
const POINT = 2;
const TTL = 3;

/** Two flows that are one. */
export interface TranslatedPair {
  /** With the inner address, a container's. */
  readonly original: number;
  /** With the address that the platform sees. */
  readonly translated: number;
}

/** Finds the pairs among the flows that it is told of. */
export class TranslationTracker {
  /** In order of the later flow's first packet. */
  readonly pairs: TranslatedPair[] = [];
  /** Pairs that were not kept because there were too many. */
  notKept = 0;
  /** Flows that stand in `pairs`. */
  private readonly paired: Set<number> = new Set();
  private readonly recent: RecentPackets = new RecentPackets(REMEMBERED_FLOWS);
  private readonly hash: PacketHash = new PacketHash();

  /**
   * Takes in the first packet of a new flow, with `packet` as decoded (put together, when it was fragmented). Returns the flow that
   * it is the other side of, and adds the pair; -1 when there is none. Forwarding takes one off the TTL, so that of packets to the
   * platform is higher with the inner address, and of packets from it lower; where it is equal, the clock tells which came first.
   */
  opened(
    flow: number,
    toPlatform: boolean,
    packet: Packet,
    source: number,
    interfaceIndex: number,
    atNs: number,
  ): number {
    if (packet.kind !== PacketKind.tcp && packet.kind !== PacketKind.udp) return -1;
    const { recent, hash } = this;
    hashBeyondTranslation(hash, packet, toPlatform);
    const vm = toPlatform ? packet.source : packet.destination;
    const vmAddress = vm.word0 ^ vm.word1 ^ vm.word2 ^ vm.word3;
    const point = observationPoint(packet, source, interfaceIndex);
    const row = recent.find(hash.low, hash.high, atNs, TRANSLATION_WINDOW_NS);
    let other = -1;
    let isAfter = true;
    if (row >= 0 && recent.value(row, VM_ADDRESS) !== vmAddress) {
      if (recent.value(row, POINT) !== point || hidesInterface(packet)) other = recent.value(row, FLOW);
      const hops = recent.value(row, TTL) - packet.ttl;
      isAfter = hops > 0 || (hops === 0 && atNs >= recent.atNs(row));
    }
    recent.add(hash.low, hash.high, atNs, flow, vmAddress, point, packet.ttl);
    if (other < 0 || other === flow) return -1;
    if (this.pairs.length < MAX_TRANSLATED_FLOWS) {
      this.pairs.push(
        toPlatform === isAfter ? { original: other, translated: flow } : { original: flow, translated: other },
      );
      this.paired.add(flow).add(other);
    } else this.notKept++;
    return other;
  }

  /** Forgets the pairs of a flow whose row is used again. */
  released(flow: number): void {
    if (!this.paired.delete(flow)) return;
    for (let index = this.pairs.length - 1; index >= 0; index--) {
      const pair = this.pairs[index];
      if (pair !== undefined && (pair.original === flow || pair.translated === flow)) this.pairs.splice(index, 1);
    }
  }
}

/** What is compared of a packet; a single reused value. */
const compared = new Int32Array(10);

/** What translation leaves as it is: the platform's end, and what identifies the packet among those to it. */
function hashBeyondTranslation(hash: PacketHash, packet: Packet, toPlatform: boolean): void {
  const platform = toPlatform ? packet.destination : packet.source;
  const words = compared;
  words[0] = platform.word0;
  words[1] = platform.word1;
  words[2] = platform.word2;
  words[3] = platform.word3;
  words[4] = toPlatform ? packet.destinationPort : packet.sourcePort;
  words[5] = (packet.kind << 1) | (toPlatform ? 1 : 0);
  words[6] = packet.payloadBytes;
  hash.reset();
  if (packet.kind === PacketKind.tcp) {
    words[7] = packet.sequence;
    words[8] = packet.acknowledgment;
    words[9] = packet.tcpFlags;
    hash.mix(words, 10);
  } else {
    hash.mix(words, 7);
    hash.mixBytes(packet.view, packet.payloadStart, Math.min(packet.payloadEnd, packet.payloadStart + COMPARED_BYTES));
  }
  hash.finish();
}
