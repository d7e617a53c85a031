/**
 * The same packet seen again: at another interface of the VM (a bridge and its port, the synthetic interface and the virtual function of
 * accelerated networking in an `any` capture, one capture file for each NIC), or at the same one, by each layer that pktmon records.
 *
 * The copy that is read first counts. Packets to the platform are first seen where they start, packets from it where they come in, so the
 * NIC nearest to the wire is that of the latest copy to the platform, and of the earliest copy from it. Earliest and latest are told by
 * the clock: dumpcap writes what it reads from several interfaces in no strict order.
 */
import { type Packet, PacketKind } from "../decode/packet.ts";
import { TcpFlag } from "../decode/tcp-flags.ts";
import { hidesInterface, observationPoint } from "./observation.ts";
import { PacketHash } from "./packet-hash.ts";
import { RecentPackets } from "./recent-packets.ts";

/** Copies of one packet are at most this far apart. No sender repeats a packet that fast but in answer to another. */
export const DUPLICATE_WINDOW_NS = 1_000_000;

/** Copies at one and the same interface are this close: a packet passes all layers of the VM's stack in less. */
export const SAME_PLACE_WINDOW_NS = 200_000;

/** Packets remembered: four million a second leave none of them before its time, if they fall into all buckets alike. */
const REMEMBERED_PACKETS = 4096;

/** Bytes of a datagram that must agree: enough for the message type among a DHCP message's options. */
const COMPARED_BYTES = 512;

/**
 * What is remembered: where the copy that counts and the last one were seen, the first's NIC with the last's TTL, the first's index;
 * how far the earliest and the latest copy are from the first, in nanoseconds.
 */
const FIRST_POINT = 0;
const LAST_POINT = 1;
const NIC_AND_TTL = 2;
const INDEX = 3;
const EARLIEST_NS = 4;
const LATEST_NS = 5;

const TTL_MASK = 0xff;
const NIC_SHIFT = 8;

/** Tells copies from first sightings. */
export class DuplicateFilter {
  /** Of the last packet that was a duplicate: index and NIC (-1: unknown) of the copy that counts. */
  firstPacket = -1;
  firstNic = -1;
  /** Whether no other copy of it that was read before was captured before, or after, it. */
  isEarliest = false;
  isLatest = false;
  private readonly recent: RecentPackets = new RecentPackets(REMEMBERED_PACKETS);
  private readonly hash: PacketHash = new PacketHash();
  /** Sources that hold copies of what the VM sends by one interface: what may have been doubled on its way to the VM, or sent twice, is a copy there as well. */
  private readonly repeating: Set<number> = new Set();

  /**
   * True when `packet` is a copy of one seen within a millisecond at another interface, or within a fifth of that at the same one. `nic` and
   * `index` are what `firstNic` and `firstPacket` shall be for its copies.
   */
  isDuplicate(
    packet: Packet,
    source: number,
    interfaceIndex: number,
    nic: number,
    index: number,
    atNs: number,
    toPlatform = true,
  ): boolean {
    if (packet.ipVersion === 0 || packet.kind === PacketKind.none) return false;
    const { recent, hash } = this;
    hashPacket(hash, packet);
    const point = observationPoint(packet, source, interfaceIndex);
    const row = recent.find(hash.low, hash.high, atNs, DUPLICATE_WINDOW_NS);
    if (
      row >= 0 &&
      (isElsewhere(packet, point, atNs, recent, row) || this.isRepeated(packet, source, atNs, row, toPlatform))
    ) {
      this.noteOrder(row, atNs);
      this.firstPacket = recent.value(row, INDEX);
      this.firstNic = (recent.value(row, NIC_AND_TTL) >> NIC_SHIFT) - 1;
      recent.setValue(row, LAST_POINT, point);
      recent.setValue(row, NIC_AND_TTL, ((this.firstNic + 1) << NIC_SHIFT) | packet.ttl);
      return true;
    }
    recent.add(hash.low, hash.high, atNs, point, point, ((nic + 1) << NIC_SHIFT) | packet.ttl, index);
    return false;
  }

  /** Whether the same interface recorded the packet at another layer. What is sent again mostly comes later. */
  private isRepeated(packet: Packet, source: number, atNs: number, row: number, toPlatform: boolean): boolean {
    const { recent, repeating } = this;
    const sinceLastNs = atNs - recent.atNs(row) - recent.value(row, LATEST_NS);
    const ttl = recent.value(row, NIC_AND_TTL) & TTL_MASK;
    if (ttl !== packet.ttl || sinceLastNs < 0 || sinceLastNs > SAME_PLACE_WINDOW_NS) return false;
    if (repeating.has(source)) return true;
    if (!toPlatform || mayBeSentTwice(packet)) return false;
    repeating.add(source);
    return true;
  }

  private noteOrder(row: number, atNs: number): void {
    const { recent } = this;
    const distanceNs = atNs - recent.atNs(row);
    this.isEarliest = distanceNs < recent.value(row, EARLIEST_NS);
    this.isLatest = distanceNs >= recent.value(row, LATEST_NS);
    if (this.isEarliest) recent.setValue(row, EARLIEST_NS, distanceNs);
    if (this.isLatest) recent.setValue(row, LATEST_NS, distanceNs);
  }
}

/** Whether a packet equal to the remembered one was seen at another interface, also one that its link layer hides, one hop later at most, or earlier when it is read late. */
function isElsewhere(packet: Packet, point: number, atNs: number, recent: RecentPackets, row: number): boolean {
  const hops = (recent.value(row, NIC_AND_TTL) & TTL_MASK) - packet.ttl;
  if (point !== recent.value(row, FIRST_POINT) && point !== recent.value(row, LAST_POINT)) {
    const isReadLate = atNs <= recent.atNs(row);
    return hops === 0 || hops === 1 || (hops === -1 && isReadLate);
  }
  return hops === 0 && hidesInterface(packet) && isUnrepeatable(packet);
}

/**
 * Whether the packet itself shows that an equal one is a copy, where the interface cannot: a sender gives every packet another
 * identification, or has none for any (RFC 6864) but then repeats within a millisecond nothing but a bare acknowledgment.
 */
function isUnrepeatable(packet: Packet): boolean {
  if (packet.ipVersion === 4 && packet.identification !== 0) return true;
  return !isBareAcknowledgment(packet);
}

/**
 * A server sends its SYN-ACK again both by its clock and for a SYN that comes again, and acknowledgments may be equal: only an identification of
 * its own, or a SYN that opens, shows that a packet was not sent twice in so short a time.
 */
function mayBeSentTwice(packet: Packet): boolean {
  const { ipVersion, identification, kind, tcpFlags } = packet;
  if (kind === PacketKind.tcp && (tcpFlags & (TcpFlag.syn | TcpFlag.ack)) === TcpFlag.syn) return false;
  return isBareAcknowledgment(packet) || ipVersion !== 4 || identification === 0;
}

function isBareAcknowledgment({ kind, payloadBytes, tcpFlags }: Packet): boolean {
  return kind === PacketKind.tcp && payloadBytes === 0 && (tcpFlags & (TcpFlag.syn | TcpFlag.fin | TcpFlag.rst)) === 0;
}

/** What is compared of a packet; a single reused value, of which IPv6 fills most. */
const compared = new Int32Array(20);

/** All that a forwarding interface leaves as it is, but checksums, which offload leaves unfinished. */
function hashPacket(hash: PacketHash, packet: Packet): void {
  const { source, destination, kind } = packet;
  const words = compared;
  words[0] = source.word3;
  words[1] = destination.word3;
  words[2] = packet.identification;
  words[3] = packet.ipBytes;
  words[4] = (packet.sourcePort << 16) ^ packet.destinationPort;
  words[5] = packet.protocol;
  let count = 6;
  if (packet.ipVersion === 6) {
    words[6] = source.word0;
    words[7] = source.word1;
    words[8] = source.word2;
    words[9] = destination.word0;
    words[10] = destination.word1;
    words[11] = destination.word2;
    count = 12;
  }
  hash.reset();
  if (kind === PacketKind.tcp) {
    words[count] = packet.sequence;
    words[count + 1] = packet.acknowledgment;
    words[count + 2] = (packet.tcpFlags << 16) ^ packet.window;
    words[count + 3] = packet.payloadBytes;
    count += 4;
    if (packet.hasTimestamps) {
      words[count] = packet.timestampValue;
      words[count + 1] = packet.timestampEcho;
      count += 2;
    }
    if (packet.sackBlocks > 0) {
      words[count] = packet.sackLeft;
      words[count + 1] = packet.sackRight;
      count += 2;
    }
    hash.mix(words, count);
  } else if (kind === PacketKind.udp) {
    hash.mix(words, count);
    mixStart(hash, packet.view, packet.payloadStart, packet.payloadEnd);
  } else {
    words[count] = packet.fragmentOffset;
    hash.mix(words, count + 1);
    mixStart(hash, packet.view, packet.ipPayloadStart, packet.ipPayloadEnd);
  }
  hash.finish();
}

function mixStart(hash: PacketHash, view: DataView, start: number, end: number): void {
  hash.mixBytes(view, start, end - start > COMPARED_BYTES ? start + COMPARED_BYTES : end);
}
