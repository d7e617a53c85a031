import { expect, test } from "vitest";
import { PacketKind } from "../../src/decode/packet.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { hex, ipv4, ipv6, joinBytes, tcp } from "../support/packet-bytes.ts";

const NULL = 0;
const LOOP = 108;
const NOTHING = new Uint8Array(0);

test.each(["02000000", "00000002"])("family %s is IPv4, in either byte order", (family) => {
  const bytes = joinBytes(hex(family), ipv4(tcp(NOTHING)));
  expect(decodeInBlock(NULL, bytes)).toMatchObject({ kind: PacketKind.tcp, ipVersion: 4, sourceMacHigh: -1 });
  expect(decodeInBlock(LOOP, bytes)).toMatchObject({ kind: PacketKind.tcp, ipVersion: 4 });
});

test.each(["18000000", "1c000000", "1e000000", "0000001e", "0a000000"])("family %s is IPv6", (family) => {
  expect(decodeInBlock(NULL, joinBytes(hex(family), ipv6(tcp(NOTHING))))).toMatchObject({
    kind: PacketKind.tcp,
    ipVersion: 6,
  });
});

test("another family is nothing that the analysis knows", () => {
  expect(decodeInBlock(NULL, hex("07000000 45000000"))).toMatchObject({
    kind: PacketKind.none,
    verdict: Verdict.whole,
  });
});

test("three bytes are cut or malformed, as the length on the wire has it", () => {
  expect(decodeInBlock(NULL, hex("020000"), { wireBytes: 44 }).verdict).toBe(Verdict.cut);
  expect(decodeInBlock(NULL, hex("020000")).verdict).toBe(Verdict.malformed);
});
