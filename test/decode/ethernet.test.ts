import { describe, expect, test } from "vitest";
import { PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { ethernet, hex, ipv4, ipv6, joinBytes, tcp, udp } from "../support/packet-bytes.ts";

const ETHERNET = 1;
const SYN = ipv4(tcp(new Uint8Array(0)));

describe("tags", () => {
  test("the outermost identifier is told, without priority bits", () => {
    const frame = ethernet(SYN, { tags: [{ type: 0x8100, control: 0xe00a }] });
    expect(decodeInBlock(ETHERNET, frame)).toMatchObject({ kind: PacketKind.tcp, vlan: 10, etherType: 0x0800 });
  });

  test("any stack of 802.1ad, 802.1Q and the older number is walked", () => {
    const tags = [
      { type: 0x88a8, control: 100 },
      { type: 0x9100, control: 200 },
      { type: 0x8100, control: 300 },
    ];
    expect(decodeInBlock(ETHERNET, ethernet(SYN, { tags }))).toMatchObject({ kind: PacketKind.tcp, vlan: 100 });
  });

  test("eight tags are followed, and nine are malformed", () => {
    const tags = new Array(9).fill({ type: 0x8100, control: 1 });
    expect(decodeInBlock(ETHERNET, ethernet(SYN, { tags: tags.slice(1) })).kind).toBe(PacketKind.tcp);
    const packet = decodeInBlock(ETHERNET, ethernet(SYN, { tags }));
    expect(packet).toMatchObject({ kind: PacketKind.none, verdict: Verdict.malformed, etherType: -1 });
    expect(packetProblem(packet)).toEqual({
      code: "link-too-many-tags",
      layer: "ethernet",
      offsetBytes: 46,
      neededBytes: 0,
      availableBytes: 0,
      limit: "bound",
    });
  });

  test("a frame that ends inside a tag is malformed, and one that was captured so far is cut", () => {
    const frame = hex("112233445566 112233445577 8100 00");
    const complete = decodeInBlock(ETHERNET, frame);
    expect(complete.verdict).toBe(Verdict.malformed);
    expect(packetProblem(complete)).toMatchObject({ code: "link-cut", availableBytes: 1, limit: "frame-length" });
    const cut = decodeInBlock(ETHERNET, frame, { wireBytes: 60 });
    expect(cut.verdict).toBe(Verdict.cut);
    expect(packetProblem(cut)).toMatchObject({ code: "link-cut", neededBytes: 4, availableBytes: 1, limit: "capture" });
  });
});

describe("other ways to say what follows", () => {
  test("802.3 with LLC and SNAP holds IP, and its length ends the payload", () => {
    const inner = joinBytes(
      hex("aaaa03000000 0800"),
      ipv4(udp(hex("01"), { lengthBytes: 0 }), { protocol: 17, totalBytes: 0 }),
    );
    const frame = joinBytes(ethernet(inner, { type: inner.length }), hex("00000000"));
    expect(decodeInBlock(ETHERNET, frame)).toMatchObject({ kind: PacketKind.udp, ipBytes: 29, payloadBytes: 1 });
  });

  test("a SNAP header that the capture cut is cut, and an LLC frame too short for one is whole", () => {
    const cut = decodeInBlock(ETHERNET, ethernet(hex("aaaa0300000008"), { type: 48 }), { wireBytes: 62 });
    expect(cut.verdict).toBe(Verdict.cut);
    expect(packetProblem(cut)).toMatchObject({ code: "link-cut", offsetBytes: 14, neededBytes: 8, availableBytes: 7 });
    expect(decodeInBlock(ETHERNET, ethernet(hex("f0f07f"), { type: 3 })).verdict).toBe(Verdict.whole);
  });

  test("802.3 with another LLC is left alone", () => {
    const frame = ethernet(hex("424203 0000000000 8001 0000"), { type: 12 });
    expect(decodeInBlock(ETHERNET, frame)).toMatchObject({
      kind: PacketKind.none,
      verdict: Verdict.whole,
      etherType: -1,
    });
  });

  test("an 802.3 length beyond the frame is malformed", () => {
    const packet = decodeInBlock(ETHERNET, ethernet(hex("aaaa030000000800"), { type: 9 }));
    expect(packetProblem(packet)).toMatchObject({ code: "link-bad-length", neededBytes: 9, availableBytes: 8 });
  });

  test("MPLS labels are stepped over, and the IP version tells what follows", () => {
    const packet = decodeInBlock(ETHERNET, ethernet(joinBytes(hex("00010040 00020140"), SYN), { type: 0x8847 }));
    expect(packet).toMatchObject({ kind: PacketKind.tcp, ipVersion: 4, linkPayloadStart: packet.start + 22 });
    const other = ethernet(joinBytes(hex("00020140"), ipv6(tcp(new Uint8Array(0)))), { type: 0x8847 });
    expect(decodeInBlock(ETHERNET, other)).toMatchObject({ kind: PacketKind.tcp, ipVersion: 6 });
  });

  test("MPLS labels that the capture ended after are cut", () => {
    const packet = decodeInBlock(ETHERNET, ethernet(hex("00020140"), { type: 0x8847 }), { wireBytes: 60 });
    expect(packet).toMatchObject({ kind: PacketKind.none, verdict: Verdict.cut, etherType: -1 });
  });

  test("an unknown EtherType is kept as a number", () => {
    expect(decodeInBlock(ETHERNET, ethernet(hex("0207"), { type: 0x88cc }))).toMatchObject({
      kind: PacketKind.none,
      verdict: Verdict.whole,
      etherType: 0x88cc,
    });
  });
});

test("a frame shorter than its header is malformed when it was so on the wire", () => {
  const bytes = hex("112233445566112233445566 08");
  expect(decodeInBlock(ETHERNET, bytes).verdict).toBe(Verdict.malformed);
  expect(decodeInBlock(ETHERNET, bytes, { wireBytes: 14 }).verdict).toBe(Verdict.cut);
});
