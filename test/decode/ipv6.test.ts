import { describe, expect, test } from "vitest";
import { decodeReassembled } from "../../src/decode/decode-packet.ts";
import { PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { blockAround, decodeInBlock } from "../support/decode-in-block.ts";
import { ethernet, hex, ipv6, joinBytes, tcp, udp } from "../support/packet-bytes.ts";

const ETHERNET = 1;
const RAW = 101;
const NOTHING = new Uint8Array(0);

test("addresses, hop limit and lengths are told, and padding is no part of them", () => {
  const packet = decodeInBlock(ETHERNET, joinBytes(ethernet(ipv6(tcp(hex("ab")), { hopLimit: 1 })), hex("0000")));
  expect(packet).toMatchObject({
    kind: PacketKind.tcp,
    verdict: Verdict.whole,
    ipVersion: 6,
    source: { word0: 0xfe800000 | 0, word1: 0, word2: 0x0222aaff, word3: 0xfebbcc01 | 0 },
    destination: { word0: 0xfe800000 | 0, word1: 0, word2: 0x1234, word3: 0x56789abc },
    ttl: 1,
    identification: 0,
    ipBytes: 61,
    payloadBytes: 1,
  });
});

describe("extension headers", () => {
  test("hop-by-hop, routing, destination options and authentication are walked", () => {
    const chain = hex(`
      2b00 010400000000
      3c00 000000000000
      3300 010400000000
      0601 0000 00000100 00000001`);
    const packet = decodeInBlock(RAW, ipv6(joinBytes(chain, tcp(hex("ab"))), { nextHeader: 0 }));
    expect(packet).toMatchObject({
      kind: PacketKind.tcp,
      protocol: 6,
      ipBytes: 97,
      ipPayloadBytes: 21,
      payloadBytes: 1,
    });
    expect(packet.ipPayloadStart - packet.ipStart).toBe(76);
  });

  test("sixteen are followed, and seventeen are malformed", () => {
    const one = hex("3c00 010400000000");
    const last = hex("0600 010400000000");
    const chain = (count: number): Uint8Array => joinBytes(...new Array(count - 1).fill(one), last, tcp(NOTHING));
    expect(decodeInBlock(RAW, ipv6(chain(16), { nextHeader: 60 })).kind).toBe(PacketKind.tcp);
    const packet = decodeInBlock(RAW, ipv6(chain(17), { nextHeader: 60 }));
    expect(packet).toMatchObject({ kind: PacketKind.none, verdict: Verdict.malformed, ipVersion: 6 });
    expect(packetProblem(packet)).toMatchObject({ code: "ip-too-many-extensions", layer: "ipv6", offsetBytes: 168 });
  });

  test("one that is longer than the payload is malformed, and cut when the capture ended first", () => {
    const bytes = ipv6(hex("0602 010400000000"), { nextHeader: 0 });
    const packet = decodeInBlock(RAW, bytes);
    expect(packet.verdict).toBe(Verdict.malformed);
    expect(packetProblem(packet)).toEqual({
      code: "ip-cut",
      layer: "ipv6",
      offsetBytes: 40,
      neededBytes: 24,
      availableBytes: 8,
      limit: "ip-length",
    });
    const longer = ipv6(hex("0602 010400000000"), { nextHeader: 0, payloadBytes: 44 });
    expect(decodeInBlock(RAW, longer, { wireBytes: 84 }).verdict).toBe(Verdict.cut);
  });

  test("no next header is a packet of its own", () => {
    const packet = decodeInBlock(ETHERNET, joinBytes(ethernet(ipv6(NOTHING, { nextHeader: 59 })), hex("000000000000")));
    expect(packet).toMatchObject({ kind: PacketKind.otherIp, verdict: Verdict.whole, ipBytes: 40, payloadBytes: 0 });
  });
});

describe("fragments", () => {
  test("a first one tells its ports, offset and identification", () => {
    const first = joinBytes(hex("1100 0001 fedcba98"), udp(new Uint8Array(100)).slice(0, 48));
    expect(decodeInBlock(RAW, ipv6(first, { nextHeader: 44 }))).toMatchObject({
      kind: PacketKind.fragment,
      protocol: 17,
      identification: 0xfedcba98 | 0,
      fragmentOffset: 0,
      moreFragments: true,
      sourcePort: 40_000,
      payloadBytes: 48,
    });
  });

  test("a later one is not looked into", () => {
    const later = joinBytes(hex("3c00 0010 00000001"), hex("1100 010400000000"));
    expect(decodeInBlock(RAW, ipv6(later, { nextHeader: 44 }))).toMatchObject({
      kind: PacketKind.fragment,
      protocol: 60,
      fragmentOffset: 16,
      moreFragments: false,
      sourcePort: -1,
      payloadBytes: 8,
    });
  });

  test("an atomic one is a whole datagram", () => {
    const packet = decodeInBlock(RAW, ipv6(joinBytes(hex("0600 0000 00000007"), tcp(NOTHING)), { nextHeader: 44 }));
    expect(packet).toMatchObject({ kind: PacketKind.tcp, identification: 7, moreFragments: false });
  });

  test("put together, the headers behind the fragment header are walked too", () => {
    const datagram = joinBytes(hex("1100 010400000000"), udp(hex("c0ffee")));
    const packet = decodeInBlock(
      RAW,
      ipv6(joinBytes(hex("3c00 0008 00000001"), datagram.slice(8)), { nextHeader: 44 }),
    );
    const { view, start, end } = blockAround(datagram, 0xee);
    expect(decodeReassembled(view, start, end, packet)).toBe(Verdict.whole);
    expect(packet).toMatchObject({
      kind: PacketKind.udp,
      destinationPort: 53,
      payloadStart: start + 16,
      payloadBytes: 3,
    });
  });

  test("a fragment inside a datagram that was put together is not followed", () => {
    const datagram = joinBytes(hex("1100 0001 00000002"), udp(NOTHING));
    const packet = decodeInBlock(
      RAW,
      ipv6(joinBytes(hex("2c00 0008 00000001"), datagram.slice(8)), { nextHeader: 44 }),
    );
    const { view, start, end } = blockAround(datagram, 0xee);
    decodeReassembled(view, start, end, packet);
    expect(packet).toMatchObject({ kind: PacketKind.fragment, sourcePort: -1, payloadBytes: 0 });
  });
});

describe("lengths", () => {
  test("a payload length of 0 is the length on the wire: a jumbogram", () => {
    const jumbo = joinBytes(hex("0600 c2040001 1188"), tcp(new Uint8Array(70_000)));
    const whole = ipv6(jumbo, { nextHeader: 0, payloadBytes: 0 });
    const packet = decodeInBlock(RAW, whole.slice(0, 100), { wireBytes: whole.length });
    expect(packet).toMatchObject({ kind: PacketKind.tcp, verdict: Verdict.cut, ipBytes: 70_068, payloadBytes: 70_000 });
  });

  test("one beyond the frame is malformed", () => {
    const packet = decodeInBlock(RAW, ipv6(tcp(NOTHING), { payloadBytes: 21 }));
    expect(packet).toMatchObject({ kind: PacketKind.tcp, verdict: Verdict.malformed, ipBytes: 60 });
    expect(packetProblem(packet)).toMatchObject({ code: "ip-bad-total-length", neededBytes: 61, availableBytes: 60 });
  });
});
