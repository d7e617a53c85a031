import { describe, expect, test } from "vitest";
import { decodeReassembled } from "../../src/decode/decode-packet.ts";
import { type Packet, PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { blockAround, decodeInBlock } from "../support/decode-in-block.ts";
import { ethernet, hex, ipv4, joinBytes, tcp, udp } from "../support/packet-bytes.ts";

const ETHERNET = 1;
const RAW = 101;
const NOTHING = new Uint8Array(0);
const THOUSAND = new Uint8Array(1000);

test("options move the payload", () => {
  const packet = decodeInBlock(RAW, ipv4(tcp(hex("abcd")), { options: hex("94040000 07070400") }));
  expect(packet).toMatchObject({ kind: PacketKind.tcp, ipBytes: 50, payloadBytes: 2 });
  expect(packet.ipPayloadStart - packet.ipStart).toBe(28);
});

test("a total length of 0, as segmentation offload leaves it, is the length on the wire", () => {
  const whole = ethernet(ipv4(tcp(new Uint8Array(70_000)), { totalBytes: 0 }));
  const packet = decodeInBlock(ETHERNET, whole.slice(0, 96), { wireBytes: whole.length });
  expect(packet).toMatchObject({ kind: PacketKind.tcp, verdict: Verdict.cut, ipBytes: 70_040, payloadBytes: 70_000 });
});

describe("fragments", () => {
  test("a first one tells its ports, and that more follow", () => {
    const first = ipv4(udp(THOUSAND).slice(0, 80), { protocol: 17, identification: 7, moreFragments: true });
    expect(decodeInBlock(RAW, first)).toMatchObject({
      kind: PacketKind.fragment,
      verdict: Verdict.whole,
      protocol: 17,
      identification: 7,
      fragmentOffset: 0,
      moreFragments: true,
      sourcePort: 40_000,
      destinationPort: 53,
      payloadBytes: 80,
    });
  });

  test("a later one has no ports, and an offset in bytes", () => {
    const later = ipv4(hex("9c40 0035 0000 0000"), { protocol: 17, fragmentOffset: 1480 });
    expect(decodeInBlock(RAW, later)).toMatchObject({
      kind: PacketKind.fragment,
      fragmentOffset: 1480,
      moreFragments: false,
      sourcePort: -1,
      destinationPort: -1,
      payloadBytes: 8,
    });
  });

  test("put together, the datagram is what its transport says", () => {
    const datagram = udp(THOUSAND, { sourcePort: 53, destinationPort: 5353 });
    const packet = decodeInBlock(
      RAW,
      ipv4(datagram.slice(800), { protocol: 17, fragmentOffset: 800, source: "168.63.129.16" }),
    );
    const { view, start, end } = blockAround(datagram, 0xee);
    expect(decodeReassembled(view, start, end, packet)).toBe(Verdict.whole);
    expect(packet).toMatchObject({
      kind: PacketKind.udp,
      source: { word3: 0xa83f8110 | 0 },
      fragmentOffset: 0,
      sourcePort: 53,
      destinationPort: 5353,
      payloadStart: start + 8,
      payloadEnd: end,
      payloadBytes: 1000,
    });
  });
});

describe("malformed", () => {
  test.each([
    ["another version", "6500 0014", "ip-bad-version"],
    ["a header of 16 bytes", "4400 0014", "ip-bad-header-length"],
    ["a total length shorter than the header", "4500 0013", "ip-bad-total-length"],
  ])("%s: nothing behind the header is read", (_name, start, code) => {
    const bytes = ethernet(joinBytes(hex(start), hex("0000 0000 4006 0000 0a000004 a83f8110"), tcp(NOTHING)), {
      type: 0x0800,
    });
    const packet = decodeInBlock(ETHERNET, bytes);
    expect(packet).toMatchObject({
      kind: PacketKind.none,
      verdict: Verdict.malformed,
      sourcePort: -1,
      payloadBytes: 0,
    });
    expect(packetProblem(packet)?.code).toBe(code);
  });

  test("addresses are told even so, unless the version is another", () => {
    const bytes = joinBytes(hex("4400 0014 0000 0000 4006 0000 0a000004 a83f8110"), tcp(NOTHING));
    expect(decodeInBlock(RAW, bytes)).toMatchObject({ ipVersion: 4, destination: { word3: 0xa83f8110 | 0 } });
  });

  test("a total length beyond the frame is malformed, and counts no further than the frame", () => {
    const packet = decodeInBlock(RAW, ipv4(tcp(hex("aa")), { totalBytes: 1500 }));
    expect(packet).toMatchObject({ kind: PacketKind.tcp, verdict: Verdict.malformed, ipBytes: 41, payloadBytes: 1 });
    expect(packetProblem(packet)).toEqual({
      code: "ip-bad-total-length",
      layer: "ipv4",
      offsetBytes: 0,
      neededBytes: 1500,
      availableBytes: 41,
      limit: "frame-length",
    });
  });
});

describe("cut", () => {
  const whole = ipv4(tcp(NOTHING), { options: hex("01010100") });

  function cutAt(bytes: number): Packet {
    return decodeInBlock(RAW, whole.slice(0, bytes), { wireBytes: whole.length });
  }

  test("inside the fixed header, the addresses are not told", () => {
    expect(cutAt(19)).toMatchObject({ kind: PacketKind.none, verdict: Verdict.cut, ipVersion: 0 });
    expect(packetProblem(cutAt(19))).toMatchObject({
      code: "ip-cut",
      neededBytes: 20,
      availableBytes: 19,
      limit: "capture",
    });
  });

  test("inside the options, they are", () => {
    expect(cutAt(23)).toMatchObject({ kind: PacketKind.none, verdict: Verdict.cut, ipVersion: 4, protocol: 6 });
    expect(packetProblem(cutAt(23))).toMatchObject({ code: "ip-cut", neededBytes: 24, availableBytes: 23 });
  });
});
