/** Packets of an analysis that can be looked at again: found by name, read from their source, decoded. */
import type { PacketStore } from "../capture/packet-store.ts";
import type { SourceFacts } from "../capture/source-facts.ts";
import { decodePacket } from "../decode/decode-packet.ts";
import type { Packet } from "../decode/packet.ts";
import type { FlowTable } from "../flow/flow-table.ts";
import type { PacketTable } from "../flow/packet-table.ts";
import { FlowOrder } from "../rules/flow-order.ts";
import type { InstantOf } from "./instants.ts";
import type { PacketRef } from "./report.ts";

/** What looking again stands on. */
export interface HeldPacketsSource {
  readonly packets: PacketTable;
  readonly flows: FlowTable;
  readonly store: PacketStore;
  readonly sources: readonly SourceFacts[];
  readonly instantOf: InstantOf;
}

/** The packets. Flow ids are those of the report that was made last before. */
export class HeldPackets {
  readonly source: HeldPacketsSource;
  private readonly finder: PacketFinder;
  private order: FlowOrder | null = null;

  constructor(source: HeldPacketsSource) {
    this.source = source;
    this.finder = new PacketFinder(source.packets, source.sources.length);
  }

  /** Index in the packet table; -1 when the table does not hold it. */
  find(ref: PacketRef): number {
    return this.finder.find(ref);
  }

  /** The packet's name. */
  refOf(index: number): PacketRef {
    const { packets } = this.source;
    return { source: packets.source(index), frame: packets.frame(index) };
  }

  /** Indexes of the packets of the flow with this id, in order of arrival; none for a flow that is not there. */
  *ofFlow(flow: number): Iterable<number> {
    const { packets, flows } = this.source;
    this.order ??= new FlowOrder(flows);
    if (flow < 0 || flow >= this.order.count) return;
    for (let packet = packets.firstOf(this.order.rowOf(flow)); packet >= 0; packet = packets.nextOf(packet))
      yield packet;
  }

  /** LINKTYPE_ number of the packet's interface; -1 when it is not known. */
  linkType(index: number): number {
    const { packets, sources } = this.source;
    return sources[packets.source(index)]?.interfaces[packets.interfaceIndex(index)]?.linkType ?? -1;
  }

  /** Reads the packet again and fills `out` with its layers. Its bytes; null when they are not to be had. */
  decode(index: number, out: Packet): Uint8Array | null {
    const { packets, store } = this.source;
    const { bytes } = store.read({
      ...this.refOf(index),
      offset: packets.offset(index),
      capturedBytes: packets.capturedBytes(index),
    });
    if (bytes === null) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    decodePacket(this.linkType(index), view, 0, bytes.length, packets.wireBytes(index), out);
    return bytes;
  }
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
