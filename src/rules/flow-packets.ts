/** Packets of a flow as they are walked: one flow can have millions, so they are never gathered to be looked through. */
import type { PacketFact } from "./facts.ts";

type IsSuch = (packet: PacketFact) => boolean;

/** Those that are such. */
export function* packetsThat(packets: Iterable<PacketFact>, is: IsSuch): Iterable<PacketFact> {
  for (const packet of packets) if (is(packet)) yield packet;
}

/** The first such packet, in a list that is empty without one. */
export function firstPacket(packets: Iterable<PacketFact>, is: IsSuch = () => true): PacketFact[] {
  for (const packet of packets) if (is(packet)) return [packet];
  return [];
}

/** The last packet, in a list that is empty without one. */
export function lastPacket(packets: Iterable<PacketFact>): PacketFact[] {
  let last: PacketFact | undefined;
  for (const packet of packets) last = packet;
  return last === undefined ? [] : [last];
}
