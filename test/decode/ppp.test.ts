import { expect, test } from "vitest";
import { PacketKind } from "../../src/decode/packet.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { hex, ipv4, ipv6, joinBytes, tcp } from "../support/packet-bytes.ts";

const PPP = 9;
const PPP_HDLC = 50;
const NOTHING = new Uint8Array(0);

test.each([
  ["with address and control", "ff03 0021"],
  ["without address and control", "0021"],
  ["with a compressed protocol", "21"],
  ["with address, control and a compressed protocol", "ff03 21"],
  ["behind an MPLS label", "ff03 0281 00010140"],
  ["in Cisco's framing", "0f00 0800"],
])("IPv4 %s is found", (_name, header) => {
  const bytes = joinBytes(hex(header), ipv4(tcp(NOTHING)));
  expect(decodeInBlock(PPP, bytes)).toMatchObject({ kind: PacketKind.tcp, ipVersion: 4, payloadBytes: 0 });
  expect(decodeInBlock(PPP_HDLC, bytes)).toMatchObject({ kind: PacketKind.tcp, ipVersion: 4 });
});

test("IPv6 is found", () => {
  const bytes = joinBytes(hex("ff03 0057"), ipv6(tcp(NOTHING)));
  expect(decodeInBlock(PPP, bytes)).toMatchObject({ kind: PacketKind.tcp, ipVersion: 6 });
});

test("link control is nothing that the analysis knows", () => {
  expect(decodeInBlock(PPP, hex("ff03 c021 01010004"))).toMatchObject({
    kind: PacketKind.none,
    verdict: Verdict.whole,
  });
});

test("address and control alone are cut or malformed, as the length on the wire has it", () => {
  expect(decodeInBlock(PPP, hex("ff03"), { wireBytes: 44 }).verdict).toBe(Verdict.cut);
  expect(decodeInBlock(PPP, hex("ff03")).verdict).toBe(Verdict.malformed);
});
