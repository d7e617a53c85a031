/**
 * PPP, RFC 1661, in HDLC-like framing, RFC 1662, or without it. Address 0xff and control 0x03 when they are there, then the
 * protocol in two bytes, or in one when its low bit is set. Cisco HDLC, which shares a link type: address, control, EtherType.
 */
import { EtherType } from "./ether-type.ts";
import { noteLinkCut, unwrapEtherType } from "./ethernet.ts";
import type { Packet } from "./packet.ts";
import { PacketLayer } from "./packet-problem.ts";
import { Verdict } from "./verdict.ts";

const ADDRESS_AND_CONTROL = 0xff03;
const CISCO_UNICAST = 0x0f00;
const CISCO_BROADCAST = 0x8f00;
const PPP_IPV4 = 0x0021;
const PPP_IPV6 = 0x0057;
const PPP_MPLS = 0x0281;
const PPP_MPLS_MULTICAST = 0x0283;

/** Fills the link fields of `out`, which `resetPacket` made ready, from the frame `[start, end)`. */
export function decodePpp(view: DataView, start: number, end: number, out: Packet): Verdict {
  if (end - start < 2) return noteLinkCut(PacketLayer.ppp, 0, 2, end - start, out);
  const first = view.getUint16(start);
  const cisco = first === CISCO_UNICAST || first === CISCO_BROADCAST;
  const at = cisco || first === ADDRESS_AND_CONTROL ? start + 2 : start;
  if (end - at < 2) return noteLinkCut(PacketLayer.ppp, at - start, 2, end - at, out);
  // Protocol field compression, RFC 1661 section 6.5.
  const compressed = !cisco && (view.getUint8(at) & 1) !== 0;
  const protocol = compressed ? view.getUint8(at) : view.getUint16(at);
  out.linkPayloadStart = at + (compressed ? 1 : 2);
  out.linkPayloadEnd = end;
  out.linkPayloadBytes = out.wireBytes - (out.linkPayloadStart - start);
  out.etherType = cisco ? protocol : etherTypeOfProtocol(protocol);
  return out.etherType === -1 ? Verdict.whole : unwrapEtherType(PacketLayer.ppp, view, out);
}

/** Of the protocols that carry IP (RFC 1332, RFC 5072, RFC 3032 section 4.3); -1 for others. */
function etherTypeOfProtocol(protocol: number): number {
  switch (protocol) {
    case PPP_IPV4:
      return EtherType.ipv4;
    case PPP_IPV6:
      return EtherType.ipv6;
    case PPP_MPLS:
      return EtherType.mpls;
    case PPP_MPLS_MULTICAST:
      return EtherType.mplsMulticast;
    default:
      return -1;
  }
}
