/** One NIC of the VM. */
import { MAX_NIC_ADDRESSES, MAX_NIC_INTERFACES } from "../limits.ts";
import { AddressList } from "./address-list.ts";

/** Packet type of a Linux cooked header for what the VM sends. */
export const COOKED_OUTGOING = 4;

/** A place where a NIC was seen. */
interface NicPlace {
  readonly source: number;
  readonly interfaceIndex: number;
  /** Of a Linux cooked v2 header; -1 without. */
  readonly cookedInterface: number;
  /** The NIC sent to the platform here: position among the places that did; -1 when it did not. */
  sent: number;
}

/** One NIC. Counts of packets include duplicates but for `platformPackets`. */
export class Nic {
  /** As one number; -1 when unknown. */
  mac = -1;
  /** The VM's addresses seen on it, in order of appearance. */
  readonly addresses: AddressList = new AddressList(MAX_NIC_ADDRESSES);
  /** As `countPacket` was told. */
  platformPackets = 0;
  /** Packets to the platform that a Linux cooked header says came in here: the VM forwards them for a container. */
  takenIn = 0;
  /** Packets to the platform that it says the VM sent here. */
  sentOut = 0;
  /** Packets from the platform that it says came in here. */
  cameIn = 0;
  /** Packets from the platform that it says the VM sent on here, to a container. */
  handedOn = 0;
  /** Row that this one was found to be the same as; -1 while it stands for itself. */
  mergedInto = -1;
  readonly places: NicPlace[] = [];
}

/** Counts a packet with a Linux cooked header. */
export function noteCooked(nic: Nic, cookedType: number, toPlatform: boolean): void {
  if (cookedType === COOKED_OUTGOING) {
    if (toPlatform) nic.sentOut++;
    else nic.handedOn++;
  } else if (toPlatform) nic.takenIn++;
  else nic.cameIn++;
}

export function isPlace(place: NicPlace, source: number, interfaceIndex: number, cookedInterface: number): boolean {
  return (
    place.source === source && place.interfaceIndex === interfaceIndex && place.cookedInterface === cookedInterface
  );
}

function hasPlace(nic: Nic, source: number, interfaceIndex: number, cookedInterface: number): boolean {
  return nic.places.some((place) => isPlace(place, source, interfaceIndex, cookedInterface));
}

/** False when the place was known, or when there are too many. */
export function addPlace(nic: Nic, source: number, interfaceIndex: number, cookedInterface: number): boolean {
  if (nic.places.length >= MAX_NIC_INTERFACES || hasPlace(nic, source, interfaceIndex, cookedInterface)) return false;
  return nic.places.push({ source, interfaceIndex, cookedInterface, sent: -1 }) > 0;
}

/** Adds to `kept` all that is known of `lost`, which was found to be the same NIC. */
export function absorb(kept: Nic, lost: Nic): void {
  if (kept.mac < 0) kept.mac = lost.mac;
  kept.platformPackets += lost.platformPackets;
  kept.takenIn += lost.takenIn;
  kept.sentOut += lost.sentOut;
  kept.cameIn += lost.cameIn;
  kept.handedOn += lost.handedOn;
  kept.addresses.addAll(lost.addresses);
  for (const { source, interfaceIndex, cookedInterface, sent } of lost.places) {
    addPlace(kept, source, interfaceIndex, cookedInterface);
    const same = kept.places.find((place) => isPlace(place, source, interfaceIndex, cookedInterface));
    if (same !== undefined && sent >= 0 && (same.sent < 0 || sent < same.sent)) same.sent = sent;
  }
}
