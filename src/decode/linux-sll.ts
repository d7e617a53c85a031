/**
 * Linux cooked captures (https://www.tcpdump.org/linktypes/). Version 1: packet type 0-1, ARPHRD type 2-3, address length 4-5,
 * sender's address 6-13, protocol 14-15. Version 2: protocol 0-1, interface index 4-7, ARPHRD type 8-9, packet type 10,
 * address length 11, sender's address 12-19.
 */
import { noteLinkCut, unwrapEtherType } from "./ethernet.ts";
import type { Packet } from "./packet.ts";
import { PacketLayer } from "./packet-problem.ts";
import type { Verdict } from "./verdict.ts";

export const SLL_HEADER_BYTES = 16;
export const SLL2_HEADER_BYTES = 20;
const MAC_BYTES = 6;

/** Fills the link fields of `out`, which `resetPacket` made ready, from a version 1 header and its payload `[start, end)`. */
export function decodeLinuxSll(view: DataView, start: number, end: number, out: Packet): Verdict {
  if (end - start < SLL_HEADER_BYTES) return noteLinkCut(PacketLayer.linuxSll, 0, SLL_HEADER_BYTES, end - start, out);
  out.cookedType = view.getUint16(start);
  if (view.getUint16(start + 4) === MAC_BYTES) setSourceMac(view, start + 6, out);
  return decodeCookedPayload(view, view.getUint16(start + 14), start, SLL_HEADER_BYTES, end, out);
}

/** The same for version 2. */
export function decodeLinuxSll2(view: DataView, start: number, end: number, out: Packet): Verdict {
  if (end - start < SLL2_HEADER_BYTES) return noteLinkCut(PacketLayer.linuxSll, 0, SLL2_HEADER_BYTES, end - start, out);
  out.cookedInterface = Math.max(view.getInt32(start + 4), -1);
  out.cookedType = view.getUint8(start + 10);
  if (view.getUint8(start + 11) === MAC_BYTES) setSourceMac(view, start + 12, out);
  return decodeCookedPayload(view, view.getUint16(start), start, SLL2_HEADER_BYTES, end, out);
}

function decodeCookedPayload(
  view: DataView,
  protocol: number,
  start: number,
  headerBytes: number,
  end: number,
  out: Packet,
): Verdict {
  out.etherType = protocol;
  out.linkPayloadStart = start + headerBytes;
  out.linkPayloadEnd = end;
  out.linkPayloadBytes = out.wireBytes - headerBytes;
  return unwrapEtherType(PacketLayer.linuxSll, view, out);
}

function setSourceMac(view: DataView, at: number, out: Packet): void {
  out.sourceMacHigh = view.getUint16(at);
  out.sourceMacLow = view.getInt32(at + 2);
}
