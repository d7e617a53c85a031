import { expect, test } from "vitest";
import { PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { hex, ipv4, joinBytes, udp } from "../support/packet-bytes.ts";

const RAW = 101;

test("its length ends the payload before IP's does", () => {
  const packet = decodeInBlock(RAW, ipv4(joinBytes(udp(hex("c0ffee")), hex("00000000")), { protocol: 17 }));
  expect(packet).toMatchObject({ kind: PacketKind.udp, verdict: Verdict.whole, sourcePort: 40_000, payloadBytes: 3 });
  expect(packet.payloadEnd - packet.payloadStart).toBe(3);
});

test("a length of 0 is IP's", () => {
  expect(decodeInBlock(RAW, ipv4(udp(hex("c0ffee"), { lengthBytes: 0 }), { protocol: 17 }))).toMatchObject({
    kind: PacketKind.udp,
    payloadBytes: 3,
  });
});

test("a length shorter than the header is malformed, and ports are told", () => {
  const packet = decodeInBlock(RAW, ipv4(udp(hex("c0ffee"), { lengthBytes: 7 }), { protocol: 17 }));
  expect(packet).toMatchObject({ kind: PacketKind.otherIp, verdict: Verdict.malformed, destinationPort: 53 });
  expect(packetProblem(packet)).toMatchObject({
    code: "udp-bad-length",
    layer: "udp",
    offsetBytes: 4,
    availableBytes: 7,
  });
});

test("a length beyond the IP packet is malformed, and the payload is what is there", () => {
  const packet = decodeInBlock(RAW, ipv4(udp(hex("c0ffee"), { lengthBytes: 12 }), { protocol: 17 }));
  expect(packet).toMatchObject({ kind: PacketKind.udp, verdict: Verdict.malformed, payloadBytes: 3 });
  expect(packetProblem(packet)).toMatchObject({
    code: "udp-bad-length",
    neededBytes: 12,
    availableBytes: 11,
    limit: "ip-length",
  });
});

test("captured without its payload, its length is still told", () => {
  const whole = ipv4(udp(new Uint8Array(500)), { protocol: 17 });
  expect(decodeInBlock(RAW, whole.slice(0, 28), { wireBytes: whole.length })).toMatchObject({
    kind: PacketKind.udp,
    verdict: Verdict.cut,
    problemCode: -1,
    payloadBytes: 500,
  });
});

test("a header that the capture cut is cut, and one under a complete IP packet is malformed", () => {
  const whole = ipv4(udp(hex("c0ffee")), { protocol: 17 });
  const cut = decodeInBlock(RAW, whole.slice(0, 27), { wireBytes: whole.length });
  expect(cut).toMatchObject({ kind: PacketKind.otherIp, verdict: Verdict.cut, destinationPort: 53 });
  const short = decodeInBlock(RAW, ipv4(hex("9c40 0035 0008"), { protocol: 17 }));
  expect(short).toMatchObject({ kind: PacketKind.otherIp, verdict: Verdict.malformed, destinationPort: 53 });
});
