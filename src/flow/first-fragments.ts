/** Remembers the flows of first fragments: those after them have no ports. */
import type { Packet } from "../decode/packet.ts";
import { MAX_FIRST_FRAGMENTS } from "../limits.ts";
import type { FlowTable } from "./flow-table.ts";

interface FirstFragment {
  readonly source: number;
  readonly destination: number;
  readonly identification: number;
  readonly flow: number;
  /** Rows that the flow table had given back by then: the flow's row is still its own when there are no more. */
  readonly released: number;
}

/** The latest few, oldest first. */
export class FirstFragments {
  private readonly latest: FirstFragment[] = [];

  note(packet: Packet, flow: number, flows: FlowTable): void {
    if (this.latest.length >= MAX_FIRST_FRAGMENTS) this.latest.shift();
    this.latest.push({
      source: packet.source.word3,
      destination: packet.destination.word3,
      identification: packet.identification,
      flow,
      released: flows.released,
    });
  }

  /** The flow of the first fragment of this packet's datagram; -1 when it is not remembered. */
  flowOf(packet: Packet, flows: FlowTable): number {
    for (let index = this.latest.length - 1; index >= 0; index--) {
      const first = this.latest[index];
      if (first === undefined || first.identification !== packet.identification) continue;
      if (first.source !== packet.source.word3 || first.destination !== packet.destination.word3) continue;
      return first.released === flows.released ? first.flow : -1;
    }
    return -1;
  }
}
