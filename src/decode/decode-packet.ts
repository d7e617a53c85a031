/** Walks the layers of one packet into a reused `Packet`. */
import { decodeArp } from "./arp.ts";
import { EtherType } from "./ether-type.ts";
import { decodeEthernet } from "./ethernet.ts";
import { decodeIcmp, decodeIcmpv6 } from "./icmp.ts";
import { IpProtocol } from "./ip-protocol.ts";
import { decodeIpv4 } from "./ipv4.ts";
import { decodeIpv6, followExtensions } from "./ipv6.ts";
import { LinkType } from "./link-type.ts";
import { decodeLinuxSll, decodeLinuxSll2 } from "./linux-sll.ts";
import { decodeLoopback } from "./loopback.ts";
import { type Packet, PacketKind, resetPacket, resetTransport } from "./packet.ts";
import { decodePpp } from "./ppp.ts";
import { decodeRawIp } from "./raw-ip.ts";
import { decodeTcp } from "./tcp.ts";
import { decodeUdp } from "./udp.ts";
import { Verdict } from "./verdict.ts";

/**
 * Fills `out` from the captured packet `[start, end)` of link type `linkType` (LINKTYPE_ number), which had `wireBytes` on the
 * wire. Reads nothing outside, allocates nothing, throws nothing. Returns the worst verdict of any layer, as `out.verdict` has it.
 */
export function decodePacket(
  linkType: number,
  view: DataView,
  start: number,
  end: number,
  wireBytes: number,
  out: Packet,
): Verdict {
  resetPacket(view, start, Math.max(wireBytes, end - start), out);
  worsen(out, decodeLink(linkType, view, start, end, out));
  worsen(out, decodeNetwork(view, out));
  if (out.kind === PacketKind.otherIp || out.kind === PacketKind.fragment) worsen(out, decodeTransport(view, out));
  return out.verdict;
}

/**
 * Decodes what the fragments of one datagram held, put together in `view[start, end)`, for the packet in `out` that completed
 * it: addresses and link fields stay, the transport becomes that of the whole. `out.protocol` must be the first fragment's.
 * `wireBytes` is the payload's length on the wire, when the capture cut a fragment.
 */
export function decodeReassembled(
  view: DataView,
  start: number,
  end: number,
  out: Packet,
  wireBytes: number = end - start,
): Verdict {
  out.view = view;
  out.start = start;
  out.kind = PacketKind.otherIp;
  out.verdict = Verdict.whole;
  out.problemCode = -1;
  out.fragmentOffset = 0;
  out.moreFragments = false;
  out.ipStart = start;
  out.ipPayloadStart = start;
  out.ipPayloadEnd = end;
  out.ipPayloadBytes = wireBytes;
  resetTransport(start, out);
  if (out.ipVersion === 6) {
    out.kind = PacketKind.none;
    worsen(out, followExtensions(view, out));
  }
  // A fragment inside a datagram that was put together is not followed: nothing sends it but to hide something.
  if (out.kind === PacketKind.otherIp) worsen(out, decodeTransport(view, out));
  return out.verdict;
}

function decodeLink(linkType: number, view: DataView, start: number, end: number, out: Packet): Verdict {
  switch (linkType) {
    case LinkType.ethernet:
      return decodeEthernet(view, start, end, out);
    case LinkType.linuxSll:
      return decodeLinuxSll(view, start, end, out);
    case LinkType.linuxSll2:
      return decodeLinuxSll2(view, start, end, out);
    case LinkType.raw:
    case LinkType.rawOld:
    case LinkType.rawOpenBsd:
    case LinkType.ipv4:
    case LinkType.ipv6:
      return decodeRawIp(view, start, end, out);
    case LinkType.null:
    case LinkType.loop:
      return decodeLoopback(view, start, end, out);
    case LinkType.ppp:
    case LinkType.pppHdlc:
      return decodePpp(view, start, end, out);
    default:
      return Verdict.whole;
  }
}

function decodeNetwork(view: DataView, out: Packet): Verdict {
  switch (out.etherType) {
    case EtherType.ipv4:
      return decodeIpv4(view, out.linkPayloadStart, out.linkPayloadEnd, out);
    case EtherType.ipv6:
      return decodeIpv6(view, out.linkPayloadStart, out.linkPayloadEnd, out);
    case EtherType.arp:
      return decodeArp(view, out.linkPayloadStart, out.linkPayloadEnd, out);
    default:
      return Verdict.whole;
  }
}

function decodeTransport(view: DataView, out: Packet): Verdict {
  const start = out.ipPayloadStart;
  const end = out.ipPayloadEnd;
  out.payloadStart = start;
  out.payloadEnd = end;
  out.payloadBytes = out.ipPayloadBytes;
  if (out.kind === PacketKind.fragment) return readFirstPorts(view, start, end, out);
  switch (out.protocol) {
    case IpProtocol.tcp:
      return decodeTcp(view, start, end, out);
    case IpProtocol.udp:
      return decodeUdp(view, start, end, out);
    case IpProtocol.icmp:
      return out.ipVersion === 4 ? decodeIcmp(view, start, end, out) : Verdict.whole;
    case IpProtocol.icmpv6:
      return out.ipVersion === 6 ? decodeIcmpv6(view, start, end, out) : Verdict.whole;
    default:
      return Verdict.whole;
  }
}

/** The ports that a first fragment of TCP or UDP holds. */
function readFirstPorts(view: DataView, start: number, end: number, out: Packet): Verdict {
  if (out.fragmentOffset !== 0 || end - start < 4) return Verdict.whole;
  if (out.protocol !== IpProtocol.tcp && out.protocol !== IpProtocol.udp) return Verdict.whole;
  out.sourcePort = view.getUint16(start);
  out.destinationPort = view.getUint16(start + 2);
  return Verdict.whole;
}

function worsen(out: Packet, verdict: Verdict): void {
  if (verdict > out.verdict) out.verdict = verdict;
}
