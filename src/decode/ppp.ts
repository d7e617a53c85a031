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
  if (cisco) {
    out.etherType = protocol;
    return unwrapEtherType(PacketLayer.ppp, view, out);
  }
  if (protocol === PPP_IPV4) out.etherType = EtherType.ipv4;
  else if (protocol === PPP_IPV6) out.etherType = EtherType.ipv6;
  return Verdict.whole;
}
