/** What is wrong with a packet's headers: numbers while it is decoded, and a `Problem` for whoever reports it. */
import type { Packet } from "./packet.ts";
import {
  LAYERS,
  type Layer,
  LENGTH_LIMITS,
  type LengthLimit,
  PROBLEM_CODES,
  type Problem,
  type ProblemCode,
} from "./problem.ts";
import { Verdict } from "./verdict.ts";

const layerNumber = (layer: Layer): number => LAYERS.indexOf(layer);
const codeNumber = (code: ProblemCode): number => PROBLEM_CODES.indexOf(code);
const limitNumber = (limit: LengthLimit): number => LENGTH_LIMITS.indexOf(limit);

/** `Packet.problemLayer`: places in `LAYERS`. */
export const PacketLayer: Readonly<
  Record<
    | "ethernet"
    | "linuxSll"
    | "loopback"
    | "ppp"
    | "rawIp"
    | "arp"
    | "ipv4"
    | "ipv6"
    | "icmp"
    | "icmpv6"
    | "udp"
    | "tcp",
    number
  >
> = {
  ethernet: layerNumber("ethernet"),
  linuxSll: layerNumber("linux-sll"),
  loopback: layerNumber("loopback"),
  ppp: layerNumber("ppp"),
  rawIp: layerNumber("raw-ip"),
  arp: layerNumber("arp"),
  ipv4: layerNumber("ipv4"),
  ipv6: layerNumber("ipv6"),
  icmp: layerNumber("icmp"),
  icmpv6: layerNumber("icmpv6"),
  udp: layerNumber("udp"),
  tcp: layerNumber("tcp"),
};

/** `Packet.problemCode`: places in `PROBLEM_CODES`. */
export const PacketProblem: Readonly<
  Record<
    | "linkCut"
    | "linkBadLength"
    | "linkTooManyTags"
    | "arpCut"
    | "ipCut"
    | "ipBadVersion"
    | "ipBadHeaderLength"
    | "ipBadTotalLength"
    | "ipTooManyExtensions"
    | "icmpCut"
    | "icmpBadQuote"
    | "udpCut"
    | "udpBadLength"
    | "tcpCut"
    | "tcpBadDataOffset"
    | "tcpBadOption",
    number
  >
> = {
  linkCut: codeNumber("link-cut"),
  linkBadLength: codeNumber("link-bad-length"),
  linkTooManyTags: codeNumber("link-too-many-tags"),
  arpCut: codeNumber("arp-cut"),
  ipCut: codeNumber("ip-cut"),
  ipBadVersion: codeNumber("ip-bad-version"),
  ipBadHeaderLength: codeNumber("ip-bad-header-length"),
  ipBadTotalLength: codeNumber("ip-bad-total-length"),
  ipTooManyExtensions: codeNumber("ip-too-many-extensions"),
  icmpCut: codeNumber("icmp-cut"),
  icmpBadQuote: codeNumber("icmp-bad-quote"),
  udpCut: codeNumber("udp-cut"),
  udpBadLength: codeNumber("udp-bad-length"),
  tcpCut: codeNumber("tcp-cut"),
  tcpBadDataOffset: codeNumber("tcp-bad-data-offset"),
  tcpBadOption: codeNumber("tcp-bad-option"),
};

/** `Packet.problemLimit`: places in `LENGTH_LIMITS`. */
export const PacketLimit: Readonly<Record<"capture" | "frame" | "ip" | "tcpHeader" | "bound", number>> = {
  capture: limitNumber("capture"),
  frame: limitNumber("frame-length"),
  ip: limitNumber("ip-length"),
  tcpHeader: limitNumber("tcp-data-offset"),
  bound: limitNumber("bound"),
};

/** The problem that `packet` was decoded with; null when there was none. Allocates: for what is reported, not for every packet. */
export function packetProblem(packet: Packet): Problem | null {
  const code = PROBLEM_CODES[packet.problemCode];
  const layer = LAYERS[packet.problemLayer];
  const limit = LENGTH_LIMITS[packet.problemLimit];
  if (code === undefined || layer === undefined || limit === undefined) return null;
  return {
    code,
    layer,
    offsetBytes: packet.problemOffset,
    neededBytes: packet.problemNeeded,
    availableBytes: packet.problemAvailable,
    limit,
  };
}

/**
 * Notes that `needed` bytes do not fit at `offset` bytes into a layer, where the capture has `captured` and the enclosing
 * layer states `stated`: malformed, limited by `statedLimit`, when it states too few, and cut by the capture otherwise.
 */
export function noteShort(
  code: number,
  layer: number,
  offset: number,
  needed: number,
  captured: number,
  stated: number,
  statedLimit: number,
  out: Packet,
): Verdict {
  if (needed > stated) return noteMalformed(code, layer, offset, needed, stated, statedLimit, out);
  if (out.problemCode === -1) fill(code, layer, offset, needed, captured, PacketLimit.capture, out);
  if (out.verdict < Verdict.cut) out.verdict = Verdict.cut;
  return Verdict.cut;
}

/** Notes that a header contradicts itself, or what encloses it: the worst problem of a packet, of which the first is kept. */
export function noteMalformed(
  code: number,
  layer: number,
  offset: number,
  needed: number,
  available: number,
  limit: number,
  out: Packet,
): Verdict {
  if (out.verdict < Verdict.malformed) fill(code, layer, offset, needed, available, limit, out);
  out.verdict = Verdict.malformed;
  return Verdict.malformed;
}

function fill(
  code: number,
  layer: number,
  offset: number,
  needed: number,
  available: number,
  limit: number,
  out: Packet,
): void {
  out.problemCode = code;
  out.problemLayer = layer;
  out.problemOffset = offset;
  out.problemNeeded = needed;
  out.problemAvailable = available;
  out.problemLimit = limit;
}
