/**
 * The VM's NICs as the capture shows them. One NIC is one row, though it may be seen in several files, by several names, or as the two
 * interfaces of accelerated networking: rows become one when their hardware address agrees, or their name where one has no address.
 *
 * What tells a NIC depends on the link layer. Ethernet has the VM's MAC in each unicast packet. Linux cooked v2 has the interface's
 * index in all, and its MAC in those that the VM sends. Linux cooked v1 has only the sender's MAC: the NIC of a packet from the
 * platform is then the one that uses the VM's address. Raw IP has nothing but the interface that the file names.
 */
import { macText } from "../bytes/address.ts";
import { type IpAddress, type Packet, PacketKind } from "../decode/packet.ts";
import { MAX_ARP_OWNERS, MAX_NIC_ADDRESSES, MAX_NICS } from "../limits.ts";
import { AddressList } from "./address-list.ts";
import { absorb, addPlace, COOKED_OUTGOING, isPlace, Nic, noteCooked } from "./nic.ts";
import { NicCache } from "./nic-cache.ts";
import { hidesInterface } from "./observation.ts";

/** Bit of a MAC's first byte, in the high half: a group address, which is nobody's own (IEEE 802). */
const GROUP_MAC = 0x0100;

/** The NICs of one analysis. Row numbers are given out when a NIC is first seen; ask `current` before comparing two. */
export class NicTable {
  /** Every row that was given out, also those that were merged into others. */
  readonly rows: Nic[] = [];
  /** Packets whose NIC was not told apart because there were too many. */
  notKept = 0;
  /** By `placeKey`; of an interface as a whole without a cooked index. */
  private readonly names: Map<string, string> = new Map();
  private readonly byMac: Map<number, number> = new Map();
  /** First row seen at a place. */
  private readonly byPlace: Map<string, number> = new Map();
  /** First row seen at a place of that name. */
  private readonly byName: Map<string, number> = new Map();
  /** By address: the NIC that the VM uses it on, and the one by which packets of containers that have it come in. */
  private readonly sending: Map<string, number> = new Map();
  private readonly takingIn: Map<string, number> = new Map();
  private readonly arpOwners: Map<number, AddressList> = new Map();
  private readonly copies: Map<number, number> = new Map();
  private readonly cache: NicCache = new NicCache();
  private sendingPlaces = 0;

  /** Tells the name of an interface of a source, as pcapng has it. The pseudo interface "any" is none. */
  nameInterface(source: number, interfaceIndex: number, name: string): void {
    if (name !== "any" && name !== "") this.names.set(placeKey(source, interfaceIndex, -1), name);
  }

  /** Tells the name behind an interface index of Linux cooked v2 headers, as the host of a live capture knows it. */
  nameCookedInterface(source: number, interfaceIndex: number, cookedInterface: number, name: string): void {
    this.names.set(placeKey(source, interfaceIndex, cookedInterface), name);
  }

  /**
   * The row of the NIC by which the VM sent or received `packet`; -1 when nothing tells, or when there are too many. Notes its
   * address and what the packet shows of it.
   */
  observe(packet: Packet, toPlatform: boolean, source: number, interfaceIndex: number): number {
    const address = toPlatform ? packet.source : packet.destination;
    this.cache.look(packet, toPlatform, address, source, interfaceIndex);
    let found = this.cache.value;
    if (found < 0) {
      found = this.identify(packet, toPlatform, address, source, interfaceIndex);
      if (found < 0) return -1;
      this.cache.keep(found);
    }
    const index = this.current(found);
    const nic = this.rows[index];
    if (nic === undefined) return -1;
    if (isOwnAddress(packet.ipVersion, address) && nic.addresses.add(packet.ipVersion, address)) {
      const inner = packet.cookedType >= 0 && (packet.cookedType === COOKED_OUTGOING) !== toPlatform;
      const users = inner ? this.takingIn : this.sending;
      const key = addressKey(packet.ipVersion, address);
      if (!users.has(key)) users.set(key, index);
    }
    if (packet.cookedType >= 0) noteCooked(nic, packet.cookedType, toPlatform);
    return index;
  }

  /** Learns from an ARP packet which MAC uses which address, and from one that the VM sent the MAC of its NIC. */
  observeArp(packet: Packet, source: number, interfaceIndex: number): void {
    if (packet.kind !== PacketKind.arp) return;
    const mac = macNumber(packet.arpSenderMacHigh, packet.arpSenderMacLow);
    if (mac < 0 || packet.source.word3 === 0) return; // RFC 5227 section 2.1.1: a probe has no sender address yet
    let owned = this.arpOwners.get(mac);
    if (owned === undefined && this.arpOwners.size < MAX_ARP_OWNERS) {
      owned = new AddressList(MAX_NIC_ADDRESSES);
      this.arpOwners.set(mac, owned);
    }
    owned?.add(4, packet.source);
    if (packet.cookedType !== COOKED_OUTGOING || packet.cookedInterface < 0) return;
    const place = this.nicAt(source, interfaceIndex, packet.cookedInterface);
    if (place >= 0) this.learnMac(place, mac);
  }

  /** Counts a packet to or from the platform, duplicates left out. */
  countPacket(nic: number): void {
    const row = this.rows[this.current(nic)];
    if (row !== undefined) row.platformPackets++;
  }

  /** Tells that the same packet was seen on two NICs. */
  countCopy(first: number, second: number): void {
    if (first < 0 || second < 0) return;
    const key = pairKey(first, second);
    this.copies.set(key, (this.copies.get(key) ?? 0) + 1);
  }

  /** How many packets were seen on both NICs. */
  copiesSeen(nicA: number, nicB: number): number {
    const a = this.current(nicA);
    const b = this.current(nicB);
    let total = 0;
    for (const [key, count] of this.copies) {
      const first = this.current(Math.floor(key / (MAX_NICS + 1)));
      const second = this.current(key % (MAX_NICS + 1));
      if ((first === a && second === b) || (first === b && second === a)) total += count;
    }
    return total;
  }

  /** The row that stands for `nic` now; -1 for -1. */
  current(nic: number): number {
    let index = nic;
    for (;;) {
      const into = this.rows[index]?.mergedInto ?? -1;
      if (into < 0) return index;
      index = into;
    }
  }

  /** Rows that stand for themselves, in order of appearance. */
  standing(): number[] {
    const rows: number[] = [];
    for (const [index, nic] of this.rows.entries()) if (nic.mergedInto < 0) rows.push(index);
    return rows;
  }

  /** Null when it is unknown. */
  macText(nic: number): string | null {
    const mac = this.rows[this.current(nic)]?.mac ?? -1;
    return mac < 0 ? null : macText(mac);
  }

  /**
   * The interface's name; of several the one by which packets were first sent, since those to the platform pass the interface that has
   * the address before any below it. "ifindex 2" when a cooked header tells its number alone; null when nothing tells.
   */
  interfaceName(nic: number): string | null {
    const places = [...(this.rows[this.current(nic)]?.places ?? [])];
    places.sort((a, b) => (a.sent < 0 ? this.sendingPlaces : a.sent) - (b.sent < 0 ? this.sendingPlaces : b.sent));
    for (const place of places) {
      const name = this.placeName(place.source, place.interfaceIndex, place.cookedInterface);
      if (name !== null) return name;
    }
    const cooked = places.find((place) => place.cookedInterface >= 0);
    return cooked === undefined ? null : `ifindex ${cooked.cookedInterface}`;
  }

  /** The VM's addresses on it: those of packets in order of appearance, then those that only ARP shows. */
  addressTexts(nic: number): string[] {
    const row = this.rows[this.current(nic)];
    if (row === undefined) return [];
    const texts = row.addresses.texts();
    for (const text of this.arpOwners.get(row.mac)?.texts() ?? []) if (!texts.includes(text)) texts.push(text);
    return texts.slice(0, MAX_NIC_ADDRESSES);
  }

  private identify(
    packet: Packet,
    toPlatform: boolean,
    address: IpAddress,
    source: number,
    interfaceIndex: number,
  ): number {
    if (hidesInterface(packet)) return this.identifyHidden(packet, toPlatform, address, source, interfaceIndex);
    let nic: number;
    if (packet.cookedType >= 0) {
      nic = this.nicAt(source, interfaceIndex, packet.cookedInterface);
      if (toPlatform && packet.cookedType === COOKED_OUTGOING)
        nic = this.learnMac(nic, macNumber(packet.sourceMacHigh, packet.sourceMacLow));
    } else {
      const mac = toPlatform
        ? macNumber(packet.sourceMacHigh, packet.sourceMacLow)
        : macNumber(packet.destinationMacHigh, packet.destinationMacLow);
      nic = mac < 0 ? this.nicAt(source, interfaceIndex, -1) : this.nicOf(mac, source, interfaceIndex);
    }
    if (toPlatform) this.noteSent(nic, source, interfaceIndex, packet.cookedInterface);
    return nic;
  }

  /** The NIC with this MAC. It is also what was seen at its interface, or at one of its name, before any MAC was. */
  private nicOf(mac: number, source: number, interfaceIndex: number): number {
    const here = this.knownAt(source, interfaceIndex, -1);
    let nic = this.current(this.byMac.get(mac) ?? -1);
    if (here >= 0 && (this.rows[here]?.mac ?? 0) < 0) nic = nic < 0 ? here : this.merge(nic, here);
    if (nic < 0) nic = this.create();
    this.setMac(nic, mac);
    this.addPlace(nic, source, interfaceIndex, -1);
    return nic;
  }

  /** The NIC seen at an interface whose packet does not show the MAC. */
  private nicAt(source: number, interfaceIndex: number, cookedInterface: number): number {
    let nic = this.knownAt(source, interfaceIndex, cookedInterface);
    if (nic < 0) nic = this.create();
    this.addPlace(nic, source, interfaceIndex, cookedInterface);
    return nic;
  }

  private knownAt(source: number, interfaceIndex: number, cookedInterface: number): number {
    const key = placeKey(source, interfaceIndex, cookedInterface);
    const known = this.byPlace.get(key);
    if (known !== undefined) return this.current(known);
    const name = this.placeName(source, interfaceIndex, cookedInterface);
    return name === null ? -1 : this.current(this.byName.get(name) ?? -1);
  }

  /** Gives a NIC without MAC its own, and makes it one with the row that has it. The first MAC stays: a bridge also sends others' frames. */
  private learnMac(nic: number, mac: number): number {
    const row = this.rows[nic];
    if (row === undefined || mac < 0 || row.mac >= 0) return nic;
    const known = this.current(this.byMac.get(mac) ?? -1);
    this.setMac(nic, mac);
    return known < 0 ? nic : this.merge(known, nic);
  }

  private setMac(nic: number, mac: number): void {
    const row = this.rows[nic];
    if (row === undefined) return;
    row.mac = mac;
    if (!this.byMac.has(mac)) this.byMac.set(mac, nic);
  }

  /**
   * Linux cooked v1. To the platform: the NIC with the sender's MAC. From it: what comes in goes to the NIC that the VM sends from this
   * address by, what the VM sends on goes to the one by which packets from this address come in; nothing tells before there was one.
   */
  private identifyHidden(
    packet: Packet,
    toPlatform: boolean,
    address: IpAddress,
    source: number,
    interfaceIndex: number,
  ): number {
    const outgoing = packet.cookedType === COOKED_OUTGOING;
    const users = outgoing === toPlatform ? this.sending : this.takingIn;
    const key = addressKey(packet.ipVersion, address);
    if (!toPlatform) return this.current(users.get(key) ?? -1);
    const mac = macNumber(packet.sourceMacHigh, packet.sourceMacLow);
    if (mac < 0) return this.nicAt(source, interfaceIndex, -1);
    let nic = this.current(this.byMac.get(mac) ?? -1);
    if (nic < 0) nic = this.create();
    this.setMac(nic, mac);
    this.addPlace(nic, source, interfaceIndex, -1);
    this.noteSent(nic, source, interfaceIndex, -1);
    return nic;
  }

  private addPlace(nic: number, source: number, interfaceIndex: number, cookedInterface: number): void {
    const row = this.rows[nic];
    if (row === undefined || !addPlace(row, source, interfaceIndex, cookedInterface)) return;
    const key = placeKey(source, interfaceIndex, cookedInterface);
    if (!this.byPlace.has(key)) this.byPlace.set(key, nic);
    const name = this.placeName(source, interfaceIndex, cookedInterface);
    if (name !== null && !this.byName.has(name)) this.byName.set(name, nic);
  }

  private noteSent(nic: number, source: number, interfaceIndex: number, cookedInterface: number): void {
    const place = this.rows[nic]?.places.find((one) => isPlace(one, source, interfaceIndex, cookedInterface));
    if (place !== undefined && place.sent < 0) place.sent = this.sendingPlaces++;
  }

  /** Of a cooked index its own name; the name of the interface that holds it, unless that is the pseudo interface; null without either. */
  private placeName(source: number, interfaceIndex: number, cookedInterface: number): string | null {
    const whole = placeKey(source, interfaceIndex, -1);
    return this.names.get(placeKey(source, interfaceIndex, cookedInterface)) ?? this.names.get(whole) ?? null;
  }

  private create(): number {
    if (this.rows.length >= MAX_NICS) {
      this.notKept++;
      return -1;
    }
    return this.rows.push(new Nic()) - 1;
  }

  /** Makes two rows one: the earlier stands. */
  private merge(nicA: number, nicB: number): number {
    const keptIndex = Math.min(nicA, nicB);
    const lostIndex = Math.max(nicA, nicB);
    const kept = this.rows[keptIndex];
    const lost = this.rows[lostIndex];
    if (kept === undefined || lost === undefined || kept === lost) return keptIndex;
    absorb(kept, lost);
    lost.mergedInto = keptIndex;
    return keptIndex;
  }
}

/** One number for a unicast MAC; -1 when there is none, or it is nobody's. */
function macNumber(high: number, low: number): number {
  if (high < 0 || (high & GROUP_MAC) !== 0 || (high === 0 && low === 0)) return -1;
  return high * 0x100000000 + (low >>> 0);
}

/** False for what is no interface's address: unspecified, broadcast and multicast (RFC 1122 section 3.2.1.3, RFC 4291 section 2). */
function isOwnAddress(ipVersion: number, address: IpAddress): boolean {
  if (ipVersion === 4) return address.word3 !== 0 && address.word3 >>> 28 < 14;
  if ((address.word0 | address.word1 | address.word2 | address.word3) === 0) return false;
  return ipVersion === 6 && address.word0 >>> 24 !== 0xff;
}

function placeKey(source: number, interfaceIndex: number, cookedInterface: number): string {
  return `${source} ${interfaceIndex} ${cookedInterface}`;
}

function addressKey(ipVersion: number, address: IpAddress): string {
  return `${ipVersion} ${address.word0} ${address.word1} ${address.word2} ${address.word3}`;
}

function pairKey(first: number, second: number): number {
  return first * (MAX_NICS + 1) + second;
}
