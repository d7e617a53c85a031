import { expect, test } from "vitest";
import { PacketKind } from "../../src/decode/packet.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { ethernet, hex, ipv4, tcp, udp } from "../support/packet-bytes.ts";

const ETHERNET = 1;

test("a SYN over Ethernet and IPv4 is told in full", () => {
  const packet = decodeInBlock(
    ETHERNET,
    hex(`
      123456789abc 000d3a112233 0800
      4500 003c 1c46 4000 4006 0000 0a000004 a83f8110
      c350 0050 f0000001 00000000 a002 faf0 0000 0000
      0204 0582  0402  080a ffffffff 00000000  01  0303 07`),
  );
  expect(packet).toMatchObject({
    kind: PacketKind.tcp,
    verdict: Verdict.whole,
    problemCode: -1,
    sourceMacHigh: 0x000d,
    sourceMacLow: 0x3a112233,
    destinationMacHigh: 0x1234,
    destinationMacLow: 0x56789abc,
    vlan: -1,
    ipVersion: 4,
    source: { word0: 0, word1: 0, word2: 0, word3: 0x0a000004 },
    destination: { word0: 0, word1: 0, word2: 0, word3: 0xa83f8110 | 0 },
    ttl: 64,
    identification: 0x1c46,
    dontFragment: true,
    protocol: 6,
    ipBytes: 60,
    sourcePort: 50_000,
    destinationPort: 80,
    payloadBytes: 0,
    sequence: 0xf0000001 | 0,
    acknowledgment: 0,
    tcpFlags: 2,
    window: 64_240,
    maxSegmentSize: 1410,
    windowScale: 7,
    sackPermitted: true,
    hasTimestamps: true,
    timestampValue: -1,
    timestampEcho: 0,
  });
});

test("the payload is what IP states, and Ethernet's padding is no part of it", () => {
  const padded = new Uint8Array(60);
  padded.set(ethernet(ipv4(udp(hex("c0ffee")), { protocol: 17 })));
  const packet = decodeInBlock(ETHERNET, padded);
  expect(packet).toMatchObject({ kind: PacketKind.udp, verdict: Verdict.whole, ipBytes: 31, payloadBytes: 3 });
  expect(packet.payloadEnd - packet.payloadStart).toBe(3);
});

test("a payload that the capture cut keeps its length on the wire, and nothing is wrong with it", () => {
  const whole = ethernet(ipv4(tcp(new Uint8Array(1000))));
  const packet = decodeInBlock(ETHERNET, whole.subarray(0, 64), { wireBytes: whole.length });
  expect(packet).toMatchObject({ kind: PacketKind.tcp, verdict: Verdict.cut, problemCode: -1, payloadBytes: 1000 });
  expect(packet.payloadEnd - packet.payloadStart).toBe(10);
});
