/** Quotes packets of an analysis: finds their place in the packet table, reads them again, decodes them and says it in a line. */
import { Packet } from "../decode/packet.ts";
import { PacketMark } from "../flow/packet-mark.ts";
import { describePacket, endpointText } from "./describe-packet.ts";
import { HeldPackets, type HeldPacketsSource } from "./held-packets.ts";
import type { PacketLine, PacketLines } from "./packet-line.ts";
import type { PacketRef } from "./report.ts";

/** Quotes the platform packets of an analysis. */
export function packetLines(source: HeldPacketsSource): PacketLines {
  const held = new HeldPackets(source);
  const decoded = new Packet();
  return {
    line(ref: PacketRef): PacketLine | null {
      const index = held.find(ref);
      return index < 0 || held.decode(index, decoded) === null ? null : lineOf(held, index, decoded);
    },
    ofFlow(flow: number, most: number): PacketRef[] {
      const refs: PacketRef[] = [];
      for (const index of held.ofFlow(flow)) {
        if (refs.length >= most) break;
        refs.push(held.refOf(index));
      }
      return refs;
    },
  };
}

/** The line of a packet that was decoded. */
export function lineOf(held: HeldPackets, index: number, decoded: Packet): PacketLine {
  const { packets, instantOf } = held.source;
  const isError = (packets.marks(index) & PacketMark.icmpError) !== 0;
  return {
    packet: held.refOf(index),
    at: instantOf(packets.atNs(index)),
    toPlatform: isError ? null : packets.toPlatform(index),
    from: endpointText(decoded, "source"),
    to: endpointText(decoded, "destination"),
    summary: describePacket(decoded) + remarks(packets.marks(index)),
  };
}

const REMARKS: readonly (readonly [number, string])[] = [
  [PacketMark.retransmission, "retransmission"],
  [PacketMark.outOfOrder, "out of order"],
  [PacketMark.duplicateAck, "duplicate ACK"],
  [PacketMark.zeroWindow, "zero window"],
  [PacketMark.keepAlive, "keep-alive"],
  [PacketMark.portReused, "port reused"],
  [PacketMark.duplicate, "seen before on another interface"],
  [PacketMark.acknowledgesUnseen, "acknowledges what was not captured so far"],
  [PacketMark.afterLostSegment, "after a segment not captured so far"],
  [PacketMark.late, "captured after its acknowledgment"],
];

/** Marks that another one tells better: what looks like sent again was only captured late. */
const TOLD_BY: ReadonlyMap<number, number> = new Map([
  [PacketMark.retransmission, PacketMark.late],
  [PacketMark.afterLostSegment, PacketMark.acknowledgesUnseen],
]);

function remarks(marks: number): string {
  const words = REMARKS.filter(([mark]) => (marks & mark) !== 0 && (marks & (TOLD_BY.get(mark) ?? 0)) === 0);
  return words.length === 0 ? "" : ` [${words.map(([, word]) => word).join(", ")}]`;
}
