import { describe, expect, test } from "vitest";
import { PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { hex, icmp, ipv4, ipv6, joinBytes, tcp, udp } from "../support/packet-bytes.ts";

const RAW = 101;
const NOTHING = new Uint8Array(0);
const SYN = tcp(NOTHING, { sequence: 0xfedcba98 });

describe("ICMP", () => {
  test("an echo has an identifier and a sequence number", () => {
    expect(decodeInBlock(RAW, ipv4(icmp(8, 0, 0xbeef0007, hex("6162")), { protocol: 1 }))).toMatchObject({
      kind: PacketKind.icmp,
      verdict: Verdict.whole,
      icmpType: 8,
      icmpCode: 0,
      icmpMtu: -1,
      icmpIdentifier: 0xbeef,
      icmpSequence: 7,
      quoted: { present: false },
      payloadBytes: 2,
    });
  });

  test("fragmentation needed tells the MTU, and quotes addresses, ports and sequence number", () => {
    const quote = ipv4(SYN, { options: hex("94040000"), dontFragment: true }).slice(0, 32);
    expect(decodeInBlock(RAW, ipv4(icmp(3, 4, 1400, quote), { protocol: 1, source: "10.0.0.1" }))).toMatchObject({
      kind: PacketKind.icmp,
      verdict: Verdict.whole,
      icmpMtu: 1400,
      icmpIdentifier: -1,
      quoted: {
        present: true,
        protocol: 6,
        source: { word3: 0x0a000004 },
        destination: { word3: 0xa83f8110 | 0 },
        sourcePort: 40_000,
        destinationPort: 80,
        hasSequence: true,
        sequence: 0xfedcba98 | 0,
      },
    });
  });

  test("another code of unreachable has no MTU", () => {
    expect(decodeInBlock(RAW, ipv4(icmp(3, 1, 1400, ipv4(SYN)), { protocol: 1 })).icmpMtu).toBe(-1);
  });

  test.each([
    ["UDP", 17, ipv4(udp(NOTHING), { protocol: 17 }), { sourcePort: 40_000, destinationPort: 53, hasSequence: false }],
    ["an echo", 1, ipv4(icmp(8, 0, 1, NOTHING), { protocol: 1 }), { sourcePort: -1, destinationPort: -1 }],
    ["a later fragment", 6, ipv4(SYN, { fragmentOffset: 8 }), { sourcePort: -1, destinationPort: -1 }],
    ["only an IP header", 6, ipv4(SYN).slice(0, 20), { sourcePort: -1, hasSequence: false, sequence: 0 }],
    ["only the ports", 6, ipv4(SYN).slice(0, 24), { sourcePort: 40_000, hasSequence: false, sequence: 0 }],
  ])("a quote of %s tells what it holds", (_name, protocol, quote, expected) => {
    const packet = decodeInBlock(RAW, ipv4(icmp(11, 0, 0, quote), { protocol: 1 }));
    expect(packet.verdict).toBe(Verdict.whole);
    expect(packet.quoted).toMatchObject({ present: true, protocol, ...expected });
  });

  test("a quote that is no IPv4 header is malformed, and the message stays", () => {
    const packet = decodeInBlock(RAW, ipv4(icmp(3, 1, 0, new Uint8Array(28)), { protocol: 1 }));
    expect(packet).toMatchObject({ kind: PacketKind.icmp, verdict: Verdict.malformed, quoted: { present: false } });
    expect(packetProblem(packet)).toMatchObject({ code: "icmp-bad-quote", layer: "icmp", offsetBytes: 8 });
  });

  test("a quote of 19 bytes is malformed, and cut when the capture ended there", () => {
    const short = decodeInBlock(RAW, ipv4(icmp(3, 1, 0, ipv4(SYN).slice(0, 19)), { protocol: 1 }));
    expect(packetProblem(short)).toMatchObject({
      code: "icmp-cut",
      neededBytes: 20,
      availableBytes: 19,
      limit: "ip-length",
    });
    const whole = ipv4(icmp(3, 1, 0, ipv4(SYN)), { protocol: 1 });
    const cut = decodeInBlock(RAW, whole.slice(0, 47), { wireBytes: whole.length });
    expect(cut).toMatchObject({ kind: PacketKind.icmp, verdict: Verdict.cut, icmpType: 3, quoted: { present: false } });
  });

  test("seven bytes are no message", () => {
    const packet = decodeInBlock(RAW, ipv4(hex("0301 0000 000000"), { protocol: 1 }));
    expect(packet).toMatchObject({ kind: PacketKind.otherIp, verdict: Verdict.malformed });
    expect(packetProblem(packet)?.code).toBe("icmp-cut");
  });

  test("over IPv6 it is another protocol", () => {
    expect(decodeInBlock(RAW, ipv6(icmp(8, 0, 1, NOTHING), { nextHeader: 1 })).kind).toBe(PacketKind.otherIp);
  });
});

describe("ICMPv6", () => {
  test("an echo reply has an identifier and a sequence number", () => {
    expect(decodeInBlock(RAW, ipv6(icmp(129, 0, 0xbeef0007, NOTHING), { nextHeader: 58 }))).toMatchObject({
      kind: PacketKind.icmpv6,
      icmpType: 129,
      icmpIdentifier: 0xbeef,
      icmpSequence: 7,
      quoted: { present: false },
    });
  });

  test("packet too big tells the MTU, and quotes through extension headers", () => {
    const quote = ipv6(joinBytes(hex("2c00 010400000000"), hex("0600 0001 00000001"), SYN), { nextHeader: 60 });
    expect(decodeInBlock(RAW, ipv6(icmp(2, 0, 1280, quote), { nextHeader: 58 }))).toMatchObject({
      kind: PacketKind.icmpv6,
      verdict: Verdict.whole,
      icmpMtu: 1280,
      quoted: {
        present: true,
        protocol: 6,
        destination: { word0: 0xfe800000 | 0, word2: 0x1234, word3: 0x56789abc },
        destinationPort: 80,
        sequence: 0xfedcba98 | 0,
      },
    });
  });

  test("a later fragment that is quoted has no ports", () => {
    const quote = ipv6(joinBytes(hex("0600 0008 00000001"), SYN), { nextHeader: 44 });
    const packet = decodeInBlock(RAW, ipv6(icmp(3, 0, 0, quote), { nextHeader: 58 }));
    expect(packet.quoted).toMatchObject({ present: true, protocol: 6, sourcePort: -1 });
  });

  test("neighbour discovery quotes nothing", () => {
    const packet = decodeInBlock(RAW, ipv6(icmp(135, 0, 0, new Uint8Array(64)), { nextHeader: 58 }));
    expect(packet).toMatchObject({ kind: PacketKind.icmpv6, verdict: Verdict.whole, quoted: { present: false } });
  });

  test("a quote that is no IPv6 header is malformed", () => {
    const packet = decodeInBlock(RAW, ipv6(icmp(1, 0, 0, new Uint8Array(48)), { nextHeader: 58 }));
    expect(packetProblem(packet)).toMatchObject({ code: "icmp-bad-quote", layer: "icmpv6", offsetBytes: 8 });
  });
});
