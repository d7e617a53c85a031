/** Ethernet II and IEEE 802.3 frames. Destination 0-5, source 6-11, type or length 12-13; then tags (802.1Q, 802.1ad) of four bytes. */
import { MAX_LINK_TAGS } from "../limits.ts";
import { EtherType, MINIMUM_ETHER_TYPE } from "./ether-type.ts";
import type { Packet } from "./packet.ts";
import { noteMalformed, noteShort, PacketLayer, PacketLimit, PacketProblem } from "./packet-problem.ts";
import { Verdict } from "./verdict.ts";

const HEADER_BYTES = 14;
const TAG_BYTES = 4;
const LLC_SNAP_BYTES = 8;
/** Destination and source 0xaa, unnumbered information 0x03, first byte of the organisation: SNAP (RFC 1042). */
const LLC_SNAP = 0xaaaa0300;
const BOTTOM_OF_STACK = 0x100;

/** Fills the link fields of `out`, which `resetPacket` made ready, from the frame `[start, end)`. */
export function decodeEthernet(view: DataView, start: number, end: number, out: Packet): Verdict {
  if (end - start < HEADER_BYTES) return noteLinkCut(PacketLayer.ethernet, 0, HEADER_BYTES, end - start, out);
  out.destinationMacHigh = view.getUint16(start);
  out.destinationMacLow = view.getInt32(start + 2);
  out.sourceMacHigh = view.getUint16(start + 6);
  out.sourceMacLow = view.getInt32(start + 8);
  out.linkPayloadStart = start + HEADER_BYTES;
  out.linkPayloadEnd = end;
  out.linkPayloadBytes = out.wireBytes - HEADER_BYTES;
  const type = view.getUint16(start + 12);
  out.etherType = type;
  if (type === EtherType.ipv4 || type === EtherType.ipv6) return Verdict.whole;
  return unwrapEtherType(PacketLayer.ethernet, view, out);
}

/** Follows tags, LLC/SNAP and MPLS from `out.etherType` and the link payload on, until a type that names a network layer. */
export function unwrapEtherType(layer: number, view: DataView, out: Packet): Verdict {
  for (let tags = 0; ; tags++) {
    const type = out.etherType;
    if (type === EtherType.mpls || type === EtherType.mplsMulticast) return unwrapMpls(layer, view, out);
    if (type < MINIMUM_ETHER_TYPE) return unwrapLlc(layer, view, type, out);
    if (type !== EtherType.vlan && type !== EtherType.serviceVlan && type !== EtherType.oldServiceVlan)
      return Verdict.whole;
    const at = out.linkPayloadStart;
    if (tags === MAX_LINK_TAGS) return giveUp(layer, at, out);
    if (out.linkPayloadEnd - at < TAG_BYTES) return cutTag(layer, at, out);
    if (tags === 0) out.vlan = view.getUint16(at) & 0xfff;
    out.etherType = view.getUint16(at + 2);
    out.linkPayloadStart = at + TAG_BYTES;
    out.linkPayloadBytes -= TAG_BYTES;
  }
}

/** IEEE 802.2 with the SNAP extension, of which only EtherTypes are of interest. `lengthBytes`: the 802.3 length before it. */
function unwrapLlc(layer: number, view: DataView, lengthBytes: number, out: Packet): Verdict {
  const at = out.linkPayloadStart;
  out.etherType = -1;
  // Up to 1500 it is a length (802.3 section 3.2.6); what follows it is padding.
  if (layer === PacketLayer.ethernet && lengthBytes <= 1500) {
    if (lengthBytes > out.linkPayloadBytes)
      return noteMalformed(
        PacketProblem.linkBadLength,
        layer,
        at - out.start,
        lengthBytes,
        out.linkPayloadBytes,
        PacketLimit.frame,
        out,
      );
    out.linkPayloadBytes = lengthBytes;
    out.linkPayloadEnd = Math.min(out.linkPayloadEnd, at + lengthBytes);
  }
  const captured = out.linkPayloadEnd - at;
  if (captured < LLC_SNAP_BYTES)
    return out.linkPayloadBytes < LLC_SNAP_BYTES
      ? Verdict.whole
      : noteLinkCut(layer, at - out.start, LLC_SNAP_BYTES, captured, out);
  if (view.getUint32(at) !== LLC_SNAP || (view.getUint16(at + 4) | 0xf8) !== 0xf8) return Verdict.whole;
  out.etherType = view.getUint16(at + 6);
  out.linkPayloadStart = at + LLC_SNAP_BYTES;
  out.linkPayloadBytes -= LLC_SNAP_BYTES;
  return Verdict.whole;
}

/** MPLS labels, RFC 3032. The payload's type is not told: the version of an IP header tells it. */
function unwrapMpls(layer: number, view: DataView, out: Packet): Verdict {
  for (let labels = 0; ; labels++) {
    const at = out.linkPayloadStart;
    if (labels === MAX_LINK_TAGS) return giveUp(layer, at, out);
    if (out.linkPayloadEnd - at < TAG_BYTES) return cutTag(layer, at, out);
    const entry = view.getInt32(at);
    out.linkPayloadStart = at + TAG_BYTES;
    out.linkPayloadBytes -= TAG_BYTES;
    if ((entry & BOTTOM_OF_STACK) !== 0) break;
  }
  const at = out.linkPayloadStart;
  out.etherType = etherTypeOfIp(view, at, out.linkPayloadEnd);
  return out.linkPayloadEnd > at ? Verdict.whole : noteLinkCut(layer, at - out.start, 1, 0, out);
}

/** The EtherType that fits the IP version at `start`; -1 when it is none or nothing is there. */
export function etherTypeOfIp(view: DataView, start: number, end: number): number {
  if (end <= start) return -1;
  const version = view.getUint8(start) >>> 4;
  return version === 4 ? EtherType.ipv4 : version === 6 ? EtherType.ipv6 : -1;
}

/** Notes that `needed` bytes of a link header do not fit at `offset` bytes into the frame, of which `captured` are left. */
export function noteLinkCut(layer: number, offset: number, needed: number, captured: number, out: Packet): Verdict {
  const stated = out.wireBytes - offset;
  return noteShort(PacketProblem.linkCut, layer, offset, needed, captured, stated, PacketLimit.frame, out);
}

function cutTag(layer: number, at: number, out: Packet): Verdict {
  out.etherType = -1;
  return noteLinkCut(layer, at - out.start, TAG_BYTES, out.linkPayloadEnd - at, out);
}

function giveUp(layer: number, at: number, out: Packet): Verdict {
  out.etherType = -1;
  return noteMalformed(PacketProblem.linkTooManyTags, layer, at - out.start, 0, 0, PacketLimit.bound, out);
}
