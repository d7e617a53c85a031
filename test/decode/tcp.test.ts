import { describe, expect, test } from "vitest";
import { type Packet, PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { hex, ipv4, tcp } from "../support/packet-bytes.ts";

const RAW = 101;
const NOTHING = new Uint8Array(0);

function withOptions(options: string): Packet {
  return decodeInBlock(RAW, ipv4(tcp(hex("abcd"), { options: hex(options) })));
}

test("numbers above 2^31 are kept as signed ones, and all nine flags are told", () => {
  const segment = tcp(NOTHING, { sequence: 0xffffffff, acknowledgment: 0x80000000, flags: 0x1ff, window: 0xffff });
  expect(decodeInBlock(RAW, ipv4(segment))).toMatchObject({
    sequence: -1,
    acknowledgment: -0x80000000,
    tcpFlags: 0x1ff,
    window: 0xffff,
  });
});

describe("options", () => {
  test("those of a SYN are read in any order", () => {
    expect(withOptions("0101 080a 00000001 80000000 0402 0303 0e 01 0204 05b4 0000")).toMatchObject({
      verdict: Verdict.whole,
      maxSegmentSize: 1460,
      windowScale: 14,
      sackPermitted: true,
      hasTimestamps: true,
      timestampValue: 1,
      timestampEcho: -0x80000000,
      payloadBytes: 2,
    });
  });

  test("the usual time stamps of a segment are read", () => {
    expect(withOptions("0101 080a 00000005 00000006")).toMatchObject({ timestampValue: 5, timestampEcho: 6 });
  });

  test("SACK blocks are counted, and the first one's edges told", () => {
    expect(withOptions("0101 0512 fffffff0 00000010 00000020 00000030")).toMatchObject({
      sackBlocks: 2,
      sackLeft: -16,
      sackRight: 16,
    });
  });

  test("none is none", () => {
    expect(decodeInBlock(RAW, ipv4(tcp(NOTHING)))).toMatchObject({
      maxSegmentSize: -1,
      windowScale: -1,
      sackPermitted: false,
      hasTimestamps: false,
      timestampValue: 0,
      sackBlocks: 0,
    });
  });

  test("an unknown one is stepped over, and the end option ends them", () => {
    expect(withOptions("fe04 0000 0303 07 00 0204 05b4")).toMatchObject({
      verdict: Verdict.whole,
      windowScale: 7,
      maxSegmentSize: -1,
    });
  });

  test.each([
    ["of length 0", "0200 05b4", 20],
    ["of length 1", "0201 05b4", 20],
    ["longer than the header", "0101 0205", 22],
    ["without its length", "010101 02", 23],
    ["a maximum segment size of three bytes", "0203 0500", 20],
    ["a window scale of four bytes", "0304 0707", 20],
    ["SACK permitted of three bytes", "0403 0000", 20],
    ["half a SACK block", "0506 00000001 0101", 20],
    ["time stamps of six bytes", "0806 00000001 0101", 20],
  ])("one %s is malformed, and the segment stays", (_name, options, offsetBytes) => {
    const packet = withOptions(options);
    expect(packet).toMatchObject({
      kind: PacketKind.tcp,
      verdict: Verdict.malformed,
      payloadBytes: 2,
      maxSegmentSize: -1,
      windowScale: -1,
      sackPermitted: false,
      hasTimestamps: false,
      sackBlocks: 0,
    });
    expect(packetProblem(packet)).toMatchObject({ code: "tcp-bad-option", layer: "tcp", offsetBytes });
  });

  test("what follows one of a wrong length is still read", () => {
    expect(withOptions("0203 05 0303 07 0000")).toMatchObject({ maxSegmentSize: -1, windowScale: 7 });
  });
});

describe("a data offset", () => {
  test.each([
    ["of 16 bytes", 0x4002, 16],
    ["beyond the IP packet", 0x6002, 20],
  ])("%s is malformed: ports are told, and nothing else", (_name, offsetAndFlags, availableBytes) => {
    const segment = tcp(NOTHING);
    new DataView(segment.buffer).setUint16(12, offsetAndFlags);
    const packet = decodeInBlock(RAW, ipv4(segment));
    expect(packet).toMatchObject({ kind: PacketKind.otherIp, verdict: Verdict.malformed, destinationPort: 80 });
    expect(packetProblem(packet)).toMatchObject({ code: "tcp-bad-data-offset", offsetBytes: 12, availableBytes });
  });
});

describe("cut", () => {
  const whole = ipv4(tcp(new Uint8Array(10), { options: hex("0204 05b4 0402 0303 07 00 0000") }));

  function cutAt(bytes: number): Packet {
    return decodeInBlock(RAW, whole.slice(0, bytes), { wireBytes: whole.length });
  }

  test("before the ports, there are none", () => {
    expect(cutAt(23)).toMatchObject({ kind: PacketKind.otherIp, verdict: Verdict.cut, protocol: 6, sourcePort: -1 });
  });

  test("inside the fixed header, the ports are told", () => {
    expect(cutAt(39)).toMatchObject({ kind: PacketKind.otherIp, verdict: Verdict.cut, sourcePort: 40_000 });
    expect(packetProblem(cutAt(39))).toMatchObject({
      code: "tcp-cut",
      neededBytes: 20,
      availableBytes: 19,
      limit: "capture",
    });
  });

  test("inside the options, those before the cut are told, and the payload's length", () => {
    const packet = cutAt(45);
    expect(packet).toMatchObject({
      kind: PacketKind.tcp,
      verdict: Verdict.cut,
      maxSegmentSize: 1460,
      sackPermitted: false,
      payloadBytes: 10,
    });
    expect(packet.payloadEnd - packet.payloadStart).toBe(0);
    expect(packetProblem(packet)).toMatchObject({ code: "tcp-cut", neededBytes: 32, availableBytes: 25 });
  });

  test("under a complete IP packet, it is malformed", () => {
    const packet = decodeInBlock(RAW, ipv4(tcp(NOTHING).slice(0, 12)));
    expect(packet).toMatchObject({ kind: PacketKind.otherIp, verdict: Verdict.malformed, sourcePort: 40_000 });
    expect(packetProblem(packet)).toMatchObject({
      code: "tcp-cut",
      neededBytes: 20,
      availableBytes: 12,
      limit: "ip-length",
    });
  });
});
