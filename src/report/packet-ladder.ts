/** The packets of one flow as rungs of a ladder: who sent what when, with numbers relative to the first, and what became of it. */
import { Packet, PacketKind } from "../decode/packet.ts";
import { TcpFlag } from "../decode/tcp-flags.ts";
import { PacketMark as Mark } from "../flow/packet-mark.ts";
import { flagsText } from "./describe-packet.ts";
import type { HeldPackets } from "./held-packets.ts";
import { milliseconds } from "./instants.ts";
import { lineOf } from "./packet-lines.ts";
import type { LadderPacket, PacketMark } from "./view-source.ts";

const MARKS: readonly (readonly [number, PacketMark])[] = [
  [Mark.retransmission, "retransmission"],
  [Mark.outOfOrder, "out-of-order"],
  [Mark.afterLostSegment, "gap-before"],
  [Mark.duplicateAck, "duplicate-ack"],
  [Mark.zeroWindow, "zero-window"],
  [Mark.duplicate, "duplicate"],
];

/** Where each direction's numbers begin; null until they are known. */
interface Origins {
  toPlatform: number | null;
  fromPlatform: number | null;
}

/** The first `most` packets of the flow with this id, and how many more there are or are no longer held. */
export function packetLadder(
  held: HeldPackets,
  flow: number,
  most: number,
): { packets: LadderPacket[]; leftOut: number } {
  const { packets } = held.source;
  const decoded = new Packet();
  const origins: Origins = { toPlatform: null, fromPlatform: null };
  const rungs: LadderPacket[] = [];
  let leftOut = 0;
  let firstNs: number | null = null;
  for (const index of held.ofFlow(flow)) {
    firstNs ??= packets.atNs(index);
    if (rungs.length >= most || held.decode(index, decoded) === null) {
      leftOut++;
      continue;
    }
    const marks = packets.marks(index);
    rungs.push({
      ...lineOf(held, index, decoded),
      relativeMs: milliseconds(packets.atNs(index) - firstNs),
      tcp: decoded.kind === PacketKind.tcp ? relativeTcp(decoded, packets.toPlatform(index), origins) : null,
      marks: MARKS.filter(([mark]) => (marks & mark) !== 0).map(([, name]) => name),
    });
  }
  return { packets: rungs, leftOut };
}

/**
 * As Wireshark counts: a SYN has number 0, the first segment of a conversation whose start was not captured has 1, and so has what is
 * acknowledged before its sender was heard.
 */
function relativeTcp(packet: Packet, toPlatform: boolean, origins: Origins): LadderPacket["tcp"] {
  const { sequence, acknowledgment, tcpFlags, payloadBytes, window } = packet;
  const own = toPlatform ? "toPlatform" : "fromPlatform";
  const other = toPlatform ? "fromPlatform" : "toPlatform";
  const isSyn = (tcpFlags & TcpFlag.syn) !== 0;
  const isAck = (tcpFlags & TcpFlag.ack) !== 0;
  if (origins[own] === null) origins[own] = isSyn ? sequence : sequence - 1;
  if (isAck && origins[other] === null) origins[other] = acknowledgment - 1;
  return {
    flags: flagsText(tcpFlags),
    sequence: (sequence - (origins[own] ?? 0)) >>> 0,
    acknowledgment: isAck ? (acknowledgment - (origins[other] ?? 0)) >>> 0 : null,
    payloadBytes,
    window,
  };
}
