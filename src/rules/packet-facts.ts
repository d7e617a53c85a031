/** Packets as rules see them, from the packet table. */
import { PacketMark } from "../flow/packet-mark.ts";
import type { PacketTable } from "../flow/packet-table.ts";
import type { PacketFact } from "./facts.ts";
import type { NicOf } from "./flow-facts.ts";
import type { FlowOrder } from "./flow-order.ts";

/** The packet with this index, which the table still holds. */
export function packetFact(packets: PacketTable, index: number, order: FlowOrder, nicOf: NicOf): PacketFact {
  const flow = packets.flow(index);
  const id = flow < 0 ? -1 : order.idOf(flow);
  return {
    index,
    source: packets.source(index),
    frame: packets.frame(index),
    flow: id < 0 ? null : id,
    atNs: packets.atNs(index),
    toPlatform: packets.toPlatform(index),
    nic: nicOf(packets.nic(index)),
    tcpFlags: packets.tcpFlags(index),
    payloadBytes: packets.payloadBytes(index),
    marks: packets.marks(index),
  };
}

/** The packets in the chain of the flow in `row`, duplicates left out, as far as they are held. */
export function* packetFactsOf(
  packets: PacketTable,
  row: number,
  order: FlowOrder,
  nicOf: NicOf,
): Iterable<PacketFact> {
  for (let index = packets.firstOf(row); index >= 0; index = packets.nextOf(index)) {
    if ((packets.marks(index) & PacketMark.duplicate) === 0) yield packetFact(packets, index, order, nicOf);
  }
}
