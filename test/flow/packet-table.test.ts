import { describe, expect, test } from "vitest";
import { FlowField, FlowTable } from "../../src/flow/flow-table.ts";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import { PacketTable, type PacketTableBound } from "../../src/flow/packet-table.ts";

function tables(maxPackets: number, bound: PacketTableBound): { flows: FlowTable; packets: PacketTable } {
  const flows = new FlowTable(10);
  for (let flow = 0; flow < 3; flow++) {
    flows.add();
    flows.setInt(flow, FlowField.firstPacket, -1);
    flows.setInt(flow, FlowField.lastPacket, -1);
  }
  return { flows, packets: new PacketTable(maxPackets, bound, flows) };
}

function put(packets: PacketTable, flow: number, frame: number): number {
  const packet = packets.add();
  if (packet < 0) return packet;
  packets.fill(packet, frame * 1000, frame * 100, frame, 0, 0, -1, true, 0, 0, 60, 60, 0);
  packets.link(packet, flow);
  return packet;
}

function chainOf(packets: PacketTable, flow: number): number[] {
  const frames: number[] = [];
  for (let packet = packets.firstOf(flow); packet >= 0; packet = packets.nextOf(packet))
    frames.push(packets.frame(packet));
  return frames;
}

test("every field is what it was filled with, at both ends of its range", () => {
  const { packets } = tables(4, "stop");
  const small = packets.add();
  const large = packets.add();
  packets.fill(small, -5, 0, 1, 0, 0, -1, false, 0, 0, 0, 0, 0);
  packets.fill(
    large,
    2 ** 52,
    2 ** 50,
    2 ** 32 - 1,
    65_535,
    4_095,
    254,
    true,
    0x1ff,
    2 ** 30,
    2 ** 24,
    2 ** 32 - 1,
    0xffff,
  );
  const all = (packet: number): unknown[] => [
    packets.atNs(packet),
    packets.offset(packet),
    packets.frame(packet),
    packets.source(packet),
    packets.interfaceIndex(packet),
    packets.nic(packet),
    packets.toPlatform(packet),
    packets.tcpFlags(packet),
    packets.payloadBytes(packet),
    packets.capturedBytes(packet),
    packets.wireBytes(packet),
    packets.marks(packet),
    packets.flow(packet),
  ];
  expect(all(small)).toEqual([-5, 0, 1, 0, 0, -1, false, 0, 0, 0, 0, 0, -1]);
  expect(all(large)).toEqual([
    2 ** 52,
    2 ** 50,
    2 ** 32 - 1,
    65_535,
    4_095,
    254,
    true,
    0x1ff,
    0xffffff,
    2 ** 24,
    2 ** 32 - 1,
    0xffff,
    -1,
  ]);
});

test("packets of another source, or cut short, change nothing of those before and after them", () => {
  const { packets } = tables(4, "wrap");
  const fill = (source: number, capturedBytes: number, wireBytes: number): number => {
    const packet = packets.add();
    packets.fill(packet, 0, 0, 1, source, 0, -1, true, 0, 0, capturedBytes, wireBytes, 0);
    return packet;
  };
  const told = (packet: number): number[] => [
    packets.source(packet),
    packets.capturedBytes(packet),
    packets.wireBytes(packet),
  ];
  const usual = fill(0, 60, 60);
  const ofOther = fill(2, 61, 61);
  const cut = fill(0, 62, 1500);
  const after = fill(0, 63, 63);
  expect([usual, ofOther, cut, after].map(told)).toEqual([
    [0, 60, 60],
    [2, 61, 61],
    [0, 62, 1500],
    [0, 63, 63],
  ]);
  fill(0, 64, 64);
  const inPlaceOfOther = fill(0, 65, 65);
  const inPlaceOfCut = fill(0, 66, 66);
  expect([inPlaceOfOther, inPlaceOfCut].map(told)).toEqual([
    [0, 65, 65],
    [0, 66, 66],
  ]);
});

test("marks are added to", () => {
  const { packets } = tables(4, "stop");
  const packet = put(packets, 0, 1);
  packets.mark(packet, PacketMark.retransmission);
  packets.mark(packet, PacketMark.truncated);
  expect(packets.marks(packet)).toBe(PacketMark.retransmission | PacketMark.truncated);
});

describe("a flow's packets are chained in order", () => {
  test("with those of others between them", () => {
    const { packets } = tables(10, "stop");
    for (const [flow, frame] of [
      [0, 1],
      [1, 2],
      [0, 3],
      [1, 4],
      [0, 5],
    ])
      put(packets, flow ?? 0, frame ?? 0);
    expect([chainOf(packets, 0), chainOf(packets, 1), chainOf(packets, 2)]).toEqual([[1, 3, 5], [2, 4], []]);
  });

  test("and lose the oldest first in a table that wraps", () => {
    const { packets } = tables(4, "wrap");
    for (const [flow, frame] of [
      [0, 1],
      [1, 2],
      [0, 3],
      [0, 4],
      [0, 5],
      [0, 6],
    ])
      put(packets, flow ?? 0, frame ?? 0);
    expect([chainOf(packets, 0), chainOf(packets, 1)]).toEqual([[3, 4, 5, 6], []]);
    expect([packets.first, packets.count, packets.holds(1), packets.holds(2)]).toEqual([2, 6, false, true]);
  });

  test("and start anew when all of them were forgotten", () => {
    const { packets } = tables(2, "wrap");
    for (const [flow, frame] of [
      [0, 1],
      [1, 2],
      [1, 3],
      [0, 4],
    ])
      put(packets, flow ?? 0, frame ?? 0);
    expect(chainOf(packets, 0)).toEqual([4]);
  });
});

test("a table that stops counts what it does not keep", () => {
  const { packets } = tables(1, "stop");
  put(packets, 0, 1);
  expect([put(packets, 0, 2), put(packets, 0, 3), packets.notKept, packets.count]).toEqual([-1, -1, 2, 1]);
});

test("packets of a flow that leaves belong to none", () => {
  const { packets } = tables(4, "stop");
  put(packets, 0, 1);
  put(packets, 0, 2);
  packets.unlink(0);
  expect([packets.flow(0), packets.flow(1)]).toEqual([-1, -1]);
});

test("old packets are forgotten by their time, but for the latest, and chains go on from what is left", () => {
  const { packets } = tables(16_384, "wrap");
  for (let frame = 1; frame <= 10_000; frame++) put(packets, frame % 3, frame);
  packets.forgetBefore(9_000_000, 10);
  expect([packets.first, chainOf(packets, 0)[0], chainOf(packets, 0).length]).toEqual([8_999, 9_000, 334]);
  packets.forgetBefore(20_000_000, 10);
  expect([packets.count - packets.first, chainOf(packets, 1)]).toEqual([10, [9_991, 9_994, 9_997, 10_000]]);
  for (let frame = 10_001; frame <= 30_000; frame++) put(packets, 2, frame);
  expect(packets.frame(packets.first)).toBe(30_000 - 16_383);
});
