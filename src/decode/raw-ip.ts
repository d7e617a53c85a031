/** Link types without a header: the packet starts with IP, and its version tells which. */
import { etherTypeOfIp, noteLinkCut } from "./ethernet.ts";
import type { Packet } from "./packet.ts";
import { noteMalformed, PacketLayer, PacketLimit, PacketProblem } from "./packet-problem.ts";
import { Verdict } from "./verdict.ts";

/** Fills the link fields of `out`, which `resetPacket` made ready: the payload is all of `[start, end)`. */
export function decodeRawIp(view: DataView, start: number, end: number, out: Packet): Verdict {
  if (end - start < 1) return noteLinkCut(PacketLayer.rawIp, 0, 1, 0, out);
  out.linkPayloadEnd = end;
  out.linkPayloadBytes = out.wireBytes;
  out.etherType = etherTypeOfIp(view, start, end);
  if (out.etherType !== -1) return Verdict.whole;
  return noteMalformed(PacketProblem.ipBadVersion, PacketLayer.rawIp, 0, 0, end - start, PacketLimit.frame, out);
}
