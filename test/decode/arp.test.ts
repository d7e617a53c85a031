import { expect, test } from "vitest";
import { PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { ethernet, hex } from "../support/packet-bytes.ts";

const ETHERNET = 1;

test("a reply tells both sides", () => {
  const message = hex("0001 0800 06 04 0002 123456789abc 0a000001 000d3a112233 0a000004");
  expect(decodeInBlock(ETHERNET, ethernet(message, { type: 0x0806 }))).toMatchObject({
    kind: PacketKind.arp,
    verdict: Verdict.whole,
    ipVersion: 0,
    arpOperation: 2,
    arpSenderMacHigh: 0x1234,
    arpSenderMacLow: 0x56789abc,
    arpTargetMacHigh: 0x000d,
    arpTargetMacLow: 0x3a112233,
    source: { word3: 0x0a000001 },
    destination: { word3: 0x0a000004 },
  });
});

test("ARP for another link or protocol is nothing that the analysis knows", () => {
  const message = hex("0006 0800 06 04 0001 123456789abc 0a000001 000000000000 0a000004");
  expect(decodeInBlock(ETHERNET, ethernet(message, { type: 0x0806 }))).toMatchObject({
    kind: PacketKind.none,
    verdict: Verdict.whole,
  });
});

test("a message that the capture cut is cut", () => {
  const packet = decodeInBlock(ETHERNET, ethernet(hex("0001 0800 06 04 0001"), { type: 0x0806 }), { wireBytes: 60 });
  expect(packet).toMatchObject({ kind: PacketKind.none, verdict: Verdict.cut });
  expect(packetProblem(packet)).toMatchObject({ code: "arp-cut", layer: "arp", neededBytes: 28, availableBytes: 8 });
});
