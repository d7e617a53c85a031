/** Where a packet was seen: the interface, as far as source and link layer tell it apart from others. */
import type { Packet } from "../decode/packet.ts";

/**
 * One number for the place: source, interface of that source, interface of a cooked header, VLAN, and for a link layer with both
 * addresses these. Two packets with one number were seen in one place; those with two may still have been, behind a router.
 */
export function observationPoint(packet: Packet, source: number, interfaceIndex: number): number {
  let point = Math.imul(source, 0x9e3779b1) ^ interfaceIndex;
  point = Math.imul(point ^ (point >>> 15), 0x85ebca6b) ^ packet.cookedInterface;
  point = Math.imul(point ^ (point >>> 15), 0x85ebca6b) ^ packet.vlan;
  if (packet.cookedType < 0) {
    point = Math.imul(point ^ (point >>> 15), 0x85ebca6b) ^ packet.sourceMacLow;
    point = Math.imul(point ^ (point >>> 15), 0x85ebca6b) ^ packet.destinationMacLow;
    point = Math.imul(point ^ (point >>> 15), 0x85ebca6b) ^ ((packet.sourceMacHigh << 16) | packet.destinationMacHigh);
  } else if (packet.cookedInterface < 0) {
    point = Math.imul(point ^ (point >>> 15), 0x85ebca6b) ^ packet.sourceMacLow;
    point = Math.imul(point ^ (point >>> 15), 0x85ebca6b) ^ ((packet.sourceMacHigh << 16) | packet.cookedType);
  }
  return Math.imul(point ^ (point >>> 13), 0xc2b2ae35);
}

/** True when a Linux cooked v1 header hides by which interface the packet came: equal points may then be different places. */
export function hidesInterface(packet: Packet): boolean {
  return packet.cookedType >= 0 && packet.cookedInterface < 0;
}
