/** Whatever comes, tracking ends, its counters add up, and what belongs to other flows changes nothing. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FlowField } from "../../src/flow/flow-table.ts";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import { SideField, TCP_BYTES, TcpField } from "../../src/flow/tcp-table.ts";
import type { FlowTracker } from "../../src/flow/tracker.ts";
import { damagedPacket, randomPacket, validPacket } from "../support/arbitrary-packet.ts";
import { randomConnections } from "../support/random-connections.ts";
import { segmentPackets, type TimedPacket, Tracking, trackPackets } from "../support/segments.ts";

/** All that the rows of a VM port's flows hold, but for what names other rows. */
function rowsOf(tracker: FlowTracker, vmPort: number): unknown[] {
  const rows: unknown[] = [];
  const skipped: readonly number[] = [FlowField.firstPacket, FlowField.lastPacket, FlowField.tcp, FlowField.hash];
  for (let flow = 0; flow < tracker.flows.rows; flow++) {
    if (tracker.flows.int(flow, FlowField.vmPort) !== vmPort) continue;
    const row: number[] = [];
    for (let field = 0; field < tracker.flows.rowBytes; field += 4)
      if (!skipped.includes(field)) row.push(tracker.flows.int(flow, field));
    const tcp = tracker.flows.int(flow, FlowField.tcp);
    const places = [SideField.firstOutstanding, SideField.lastOutstanding];
    const links = [TcpField.to, TcpField.from].flatMap((side) => places.map((place) => side + place));
    for (let field = 0; field < TCP_BYTES; field += 4)
      if (!links.includes(field) && field !== TcpField.roundTripMore) row.push(tracker.tcp.table.int(tcp, field));
    const told = [true, false].map((to) => [
      tracker.tcp.unacknowledgedBytes(tcp, to),
      tracker.tcp.unacknowledgedSinceNs(tcp, to),
      tracker.tcp.unacknowledgedRetransmissions(tcp, to),
    ]);
    rows.push(row, told, tracker.tcp.roundTrip(tcp));
  }
  return rows;
}

describe("any packets in any order", () => {
  const packets = fc.array(fc.oneof(validPacket, damagedPacket, randomPacket), { maxLength: 60 });

  test("never make it throw, and every platform packet is counted and has a place", () => {
    fc.assert(
      fc.property(packets, fc.boolean(), fc.integer({ min: 1, max: 8 }), (list, live, maxFlows) => {
        const tracking = new Tracking({ live, maxFlows });
        let taken = 0;
        for (const [index, { bytes, linkType }] of list.entries())
          if (tracking.take({ atNs: (index % 7) * 1e8, bytes }, linkType)) taken++;
        const { tracker } = tracking;
        tracker.finish();
        expect([tracker.counters.platformPackets, tracker.packets.count]).toEqual([taken, taken]);
        let counted = 0;
        for (let flow = 0; flow < tracker.flows.rows; flow++) {
          if (!tracker.flows.holds(flow)) continue;
          counted += tracker.flows.int(flow, FlowField.packetsTo) + tracker.flows.int(flow, FlowField.packetsFrom);
        }
        let linked = 0;
        for (let packet = 0; packet < tracker.packets.count; packet++) {
          const marks = tracker.packets.marks(packet) & (PacketMark.duplicate | PacketMark.icmpError);
          if (tracker.packets.flow(packet) >= 0 && marks === 0) linked++;
        }
        expect(counted).toBe(linked);
      }),
    );
  });
});

describe("flows are independent", () => {
  const many = randomConnections(60, 3);
  const all = trackPackets(many).tracker;

  /** The packets of one VM port alone. */
  function alone(vmPort: number): TimedPacket[] {
    return many.filter(({ bytes }) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      return view.getUint16(34) === vmPort || view.getUint16(36) === vmPort;
    });
  }

  test.each([20_000, 20_001, 20_014, 20_033, 20_059])(
    "port %i has the same rows with and without the others",
    (port) => {
      expect(rowsOf(all, port)).toEqual(rowsOf(trackPackets(alone(port)).tracker, port));
    },
  );

  test("the hash seed changes nothing", () => {
    const other = trackPackets(many, { hashSeed: 99 }).tracker;
    expect(other.flows.rows).toBe(all.flows.rows);
    const drop = (tracker: FlowTracker): unknown[] => rowsOf(tracker, 20_001);
    expect(drop(other)).toEqual(drop(all));
  });
});

test("payload of a direction is what its sequence numbers span, less what was lost before an acknowledgment", () => {
  const scripts = fc.array(
    fc.record({ skip: fc.nat(2), bytes: fc.integer({ min: 1, max: 50 }), repeat: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 30,
    },
  );
  fc.assert(
    fc.property(scripts, (steps) => {
      const tracking = new Tracking();
      let next = 101;
      let seen = 0;
      let lost = 0;
      let atNs = 0;
      const send = (line: string): void => {
        atNs += 1e6;
        for (const packet of segmentPackets(`${atNs / 1e6} ${line}`)) tracking.take(packet);
      };
      send("vm syn seq 100");
      send("platform syn ack 101 seq 500");
      for (const { skip, bytes, repeat } of steps) {
        const gap = skip === 0 ? 7 : 0;
        lost += gap;
        next += gap;
        send(`vm seq ${next} ack 501 data ${bytes}`);
        if (repeat) send(`vm seq ${next} ack 501 data ${bytes}`);
        next += bytes;
        seen += bytes;
      }
      send(`platform seq 501 ack ${next}`);
      const { flows, tcp } = tracking.tracker;
      const row = flows.int(0, FlowField.tcp);
      expect([flows.double(0, FlowField.payloadTo), tcp.table.sideDouble(row, true, SideField.lostBytes)]).toEqual([
        seen,
        lost,
      ]);
    }),
  );
});
