import { describe, expect, test } from "vitest";
import { PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { hex, ipv4, joinBytes, tcp } from "../support/packet-bytes.ts";

const SLL = 113;
const SLL2 = 276;
const SYN = ipv4(tcp(new Uint8Array(0)));

describe("version 1", () => {
  test("packet type, sender's MAC and protocol are told", () => {
    expect(decodeInBlock(SLL, joinBytes(hex("0004 0001 0006 000d3a112233 0000 0800"), SYN))).toMatchObject({
      kind: PacketKind.tcp,
      cookedType: 4,
      cookedInterface: -1,
      sourceMacHigh: 0x000d,
      sourceMacLow: 0x3a112233,
      destinationMacHigh: -1,
    });
  });

  test("a link without addresses has no MAC", () => {
    expect(decodeInBlock(SLL, joinBytes(hex("0000 0304 0000 0000000000000000 0800"), SYN))).toMatchObject({
      kind: PacketKind.tcp,
      cookedType: 0,
      sourceMacHigh: -1,
    });
  });

  test("tags behind the header are walked", () => {
    const packet = decodeInBlock(SLL, joinBytes(hex("0000 0001 0006 000d3a112233 0000 8100 0007 0800"), SYN));
    expect(packet).toMatchObject({ kind: PacketKind.tcp, vlan: 7 });
  });

  test("a header that the capture cut is cut", () => {
    const packet = decodeInBlock(SLL, hex("0004 0001 0006 000d3a112233 0000 08"), { wireBytes: 56 });
    expect(packet.verdict).toBe(Verdict.cut);
    expect(packetProblem(packet)).toMatchObject({
      code: "link-cut",
      layer: "linux-sll",
      neededBytes: 16,
      availableBytes: 15,
    });
  });
});

describe("version 2", () => {
  test("interface index, packet type, sender's MAC and protocol are told", () => {
    const header = hex("0800 0000 00000003 0001 00 06 123456789abc 0000");
    expect(decodeInBlock(SLL2, joinBytes(header, SYN))).toMatchObject({
      kind: PacketKind.tcp,
      cookedType: 0,
      cookedInterface: 3,
      sourceMacHigh: 0x1234,
      sourceMacLow: 0x56789abc,
    });
  });

  test("an interface index that cannot be is none", () => {
    const header = hex("0800 0000 ffffff00 0001 00 06 123456789abc 0000");
    expect(decodeInBlock(SLL2, joinBytes(header, SYN))).toMatchObject({ kind: PacketKind.tcp, cookedInterface: -1 });
  });
});
