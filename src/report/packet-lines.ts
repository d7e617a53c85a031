/** Quotes packets of an analysis: finds their place in the packet table, reads them again, decodes them and says it in a line. */
import type { PacketStore } from "../capture/packet-store.ts";
import type { SourceFacts } from "../capture/source-facts.ts";
import { decodePacket } from "../decode/decode-packet.ts";
import { Packet } from "../decode/packet.ts";
import type { FlowTable } from "../flow/flow-table.ts";
import { PacketMark } from "../flow/packet-mark.ts";
import type { PacketTable } from "../flow/packet-table.ts";
import { FlowOrder } from "../rules/flow-order.ts";
import { describePacket, endpointText } from "./describe-packet.ts";
import type { InstantOf } from "./instants.ts";
import type { PacketLine, PacketLines } from "./packet-line.ts";
import type { PacketRef } from "./report.ts";

/** What quoting stands on. */
export interface PacketLinesSource {
  readonly packets: PacketTable;
  readonly flows: FlowTable;
  readonly store: PacketStore;
  readonly sources: readonly SourceFacts[];
  readonly instantOf: InstantOf;
}

/** Quotes the platform packets of an analysis. A packet that cannot be read again still has its time and direction. */
export function packetLines(source: PacketLinesSource): PacketLines {
  const { packets, flows, store, sources, instantOf } = source;
  const decoded = new Packet();
  let order: FlowOrder | null = null;
  const finder = new PacketFinder(packets, sources.length);
  return {
    line(ref: PacketRef): PacketLine | null {
      const index = finder.find(ref);
      if (index < 0) return null;
      const { bytes } = store.read({
        source: ref.source,
        frame: ref.frame,
        offset: packets.offset(index),
        capturedBytes: packets.capturedBytes(index),
      });
      if (bytes === null) return null;
      const linkType = sources[ref.source]?.interfaces[packets.interfaceIndex(index)]?.linkType ?? -1;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      decodePacket(linkType, view, 0, bytes.length, packets.wireBytes(index), decoded);
      const isError = (packets.marks(index) & PacketMark.icmpError) !== 0;
      return {
        packet: ref,
        at: instantOf(packets.atNs(index)),
        toPlatform: isError ? null : packets.toPlatform(index),
        from: endpointText(decoded, "source"),
        to: endpointText(decoded, "destination"),
        summary: describePacket(decoded) + remarks(packets.marks(index)),
      };
    },
    ofFlow(flow: number, most: number): PacketRef[] {
      order ??= new FlowOrder(flows);
      const refs: PacketRef[] = [];
      if (flow < 0 || flow >= order.count) return refs;
      let packet = packets.firstOf(order.rowOf(flow));
      while (packet >= 0 && refs.length < most) {
        refs.push({ source: packets.source(packet), frame: packets.frame(packet) });
        packet = packets.nextOf(packet);
      }
      return refs;
    },
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
  [PacketMark.afterLostSegment, "after a segment that was not captured"],
];

function remarks(marks: number): string {
  const words = REMARKS.filter(([mark]) => (marks & mark) !== 0).map(([, word]) => word);
  return words.length === 0 ? "" : ` [${words.join(", ")}]`;
}

/** Finds a packet's index by source and frame. Frames of one source stand in the table in their order. */
class PacketFinder {
  private readonly packets: PacketTable;
  private readonly sources: number;
  /** Indexes of each source's packets, made when there are several sources. */
  private readonly bySource: Map<number, number[]> = new Map();
  private listed = -1;

  constructor(packets: PacketTable, sources: number) {
    this.packets = packets;
    this.sources = sources;
  }

  /** -1 when the table does not hold it. */
  find({ source, frame }: PacketRef): number {
    const { packets } = this;
    if (this.sources === 1) {
      const index = this.search(frame, packets.first, packets.count - 1, (at) => at);
      return index >= 0 && packets.source(index) === source ? index : -1;
    }
    this.list();
    const indexes = this.bySource.get(source) ?? [];
    return this.search(frame, 0, indexes.length - 1, (at) => indexes[at] ?? -1);
  }

  private search(frame: number, first: number, last: number, indexAt: (position: number) => number): number {
    let low = first;
    let high = last;
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      const index = indexAt(middle);
      const at = this.packets.holds(index) ? this.packets.frame(index) : -1;
      if (at === frame) return index;
      if (at < frame) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Takes in the packets that came since the last time. */
  private list(): void {
    for (let index = Math.max(this.listed + 1, this.packets.first); index < this.packets.count; index++) {
      const source = this.packets.source(index);
      const list = this.bySource.get(source);
      if (list === undefined) this.bySource.set(source, [index]);
      else list.push(index);
    }
    this.listed = this.packets.count - 1;
  }
}
