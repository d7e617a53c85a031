import { expect, test } from "vitest";
import { PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { hex, ipv4, ipv6, tcp } from "../support/packet-bytes.ts";

const NOTHING = new Uint8Array(0);

test.each([12, 14, 101, 228])("link type %i starts with IPv4", (linkType) => {
  expect(decodeInBlock(linkType, ipv4(tcp(NOTHING)))).toMatchObject({ kind: PacketKind.tcp, ipVersion: 4 });
});

test.each([12, 14, 101, 229])("link type %i starts with IPv6", (linkType) => {
  expect(decodeInBlock(linkType, ipv6(tcp(NOTHING)))).toMatchObject({ kind: PacketKind.tcp, ipVersion: 6 });
});

test("another version is malformed", () => {
  const packet = decodeInBlock(101, hex("55000000"));
  expect(packet).toMatchObject({ kind: PacketKind.none, verdict: Verdict.malformed });
  expect(packetProblem(packet)).toMatchObject({ code: "ip-bad-version", layer: "raw-ip", offsetBytes: 0 });
});

test("a record without bytes is cut", () => {
  expect(decodeInBlock(101, NOTHING, { wireBytes: 40 }).verdict).toBe(Verdict.cut);
});
