/**
 * ARP for IPv4 over Ethernet, RFC 826. Hardware type 0-1, protocol type 2-3, address lengths 4 and 5, operation 6-7, sender's
 * MAC and address 8-17, target's 18-27.
 */
import { EtherType } from "./ether-type.ts";
import { type Packet, PacketKind } from "./packet.ts";
import { noteShort, PacketLayer, PacketLimit, PacketProblem } from "./packet-problem.ts";
import { Verdict } from "./verdict.ts";

const MESSAGE_BYTES = 28;
const ETHERNET = 1;
/** Six bytes of MAC, four of IPv4 address. */
const ADDRESS_LENGTHS = 0x0604;

/** Fills the ARP fields and addresses of `out` from the link payload `[start, end)`. Other kinds of ARP leave `kind` none. */
export function decodeArp(view: DataView, start: number, end: number, out: Packet): Verdict {
  out.arpOperation = -1;
  out.arpSenderMacHigh = -1;
  out.arpSenderMacLow = 0;
  out.arpTargetMacHigh = -1;
  out.arpTargetMacLow = 0;
  if (end - start < MESSAGE_BYTES)
    return noteShort(
      PacketProblem.arpCut,
      PacketLayer.arp,
      0,
      MESSAGE_BYTES,
      end - start,
      out.linkPayloadBytes,
      PacketLimit.frame,
      out,
    );
  if (
    view.getUint16(start) !== ETHERNET ||
    view.getUint16(start + 2) !== EtherType.ipv4 ||
    view.getUint16(start + 4) !== ADDRESS_LENGTHS
  )
    return Verdict.whole;
  out.kind = PacketKind.arp;
  out.arpOperation = view.getUint16(start + 6);
  out.arpSenderMacHigh = view.getUint16(start + 8);
  out.arpSenderMacLow = view.getInt32(start + 10);
  out.source.word3 = view.getInt32(start + 14);
  out.arpTargetMacHigh = view.getUint16(start + 18);
  out.arpTargetMacLow = view.getInt32(start + 20);
  out.destination.word3 = view.getInt32(start + 24);
  return Verdict.whole;
}
