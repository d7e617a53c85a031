/** BSD loopback (https://www.tcpdump.org/linktypes.html, NULL and LOOP): address family 0-3, in either byte order, then IP. */
import { EtherType } from "./ether-type.ts";
import { noteLinkCut } from "./ethernet.ts";
import type { Packet } from "./packet.ts";
import { PacketLayer } from "./packet-problem.ts";
import { Verdict } from "./verdict.ts";

const HEADER_BYTES = 4;

/** Fills the link fields of `out`, which `resetPacket` made ready, from the header and payload `[start, end)`. */
export function decodeLoopback(view: DataView, start: number, end: number, out: Packet): Verdict {
  if (end - start < HEADER_BYTES) return noteLinkCut(PacketLayer.loopback, 0, HEADER_BYTES, end - start, out);
  const family = view.getInt32(start);
  // Families are small numbers: a large one is in the other byte order.
  out.etherType = etherTypeOfFamily((family & 0xffff) === 0 ? view.getInt32(start, true) : family);
  out.linkPayloadStart = start + HEADER_BYTES;
  out.linkPayloadEnd = end;
  out.linkPayloadBytes = out.wireBytes - HEADER_BYTES;
  return Verdict.whole;
}

/** IPv4 is 2 everywhere; IPv6 is 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS, 10 on Linux, 23 on Windows. */
function etherTypeOfFamily(family: number): number {
  switch (family) {
    case 2:
      return EtherType.ipv4;
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      return EtherType.ipv6;
    default:
      return -1;
  }
}
