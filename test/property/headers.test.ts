import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AddressSet, PlatformSide, platformSide, quotedPlatformSide } from "../../src/decode/address-set.ts";
import { decodePacket, decodeReassembled } from "../../src/decode/decode-packet.ts";
import { isIcmpError } from "../../src/decode/icmp.ts";
import { Packet, PacketKind } from "../../src/decode/packet.ts";
import { packetProblem } from "../../src/decode/packet-problem.ts";
import { createPrefilter } from "../../src/decode/prefilter.ts";
import { isCut } from "../../src/decode/problem.ts";
import { Verdict } from "../../src/decode/verdict.ts";
import { damagedPacket, type LinkPacket, randomPacket, validPacket } from "../support/arbitrary-packet.ts";
import { blockAround, decodeInBlock, factsOf } from "../support/decode-in-block.ts";

const anyPacket: fc.Arbitrary<LinkPacket> = fc.oneof(validPacket, damagedPacket, randomPacket);
const RUNS = { numRuns: 2000 };

function platform(): AddressSet {
  const addresses = new AddressSet();
  addresses.addIpv4(0xa83f8110);
  addresses.addIpv6(0xfe800000, 0, 0x1234, 0x56789abc);
  return addresses;
}

/** A view that ends where the packet does: a read outside throws. */
function exactView(bytes: Uint8Array): DataView {
  return new DataView(Uint8Array.from(bytes).buffer);
}

/** All starts of a packet, and all of it. */
function starts(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length + 1 }, (_, kept) => bytes.slice(0, kept));
}

describe("decodePacket", () => {
  test("cut at every byte, nothing outside is read, whether the wire had more or not", () => {
    const packet = new Packet();
    fc.assert(
      fc.property(anyPacket, ({ linkType, bytes }) => {
        for (const start of starts(bytes)) {
          decodePacket(linkType, exactView(start), 0, start.length, start.length, packet);
          decodePacket(linkType, exactView(start), 0, start.length, bytes.length, packet);
        }
      }),
      RUNS,
    );
  });

  test("what lies around the packet never changes the result", () => {
    fc.assert(
      fc.property(anyPacket, fc.nat(64), ({ linkType, bytes }, more) => {
        const wireBytes = bytes.length + more;
        const zeros = decodeInBlock(linkType, bytes, { wireBytes, filler: 0x00 });
        const ones = decodeInBlock(linkType, bytes, { wireBytes, filler: 0xff });
        expect(factsOf(ones)).toEqual(factsOf(zeros));
      }),
      RUNS,
    );
  });

  test("the packet before never changes the result", () => {
    fc.assert(
      fc.property(validPacket, anyPacket, (first, { linkType, bytes }) => {
        const before = decodeInBlock(first.linkType, first.bytes);
        expect(factsOf(decodeInBlock(linkType, bytes, { before }))).toEqual(factsOf(decodeInBlock(linkType, bytes)));
      }),
      RUNS,
    );
  });

  test("payloads lie inside the packet, and are no longer than on the wire", () => {
    fc.assert(
      fc.property(anyPacket, fc.nat(64), ({ linkType, bytes }, more) => {
        const packet = decodeInBlock(linkType, bytes, { wireBytes: bytes.length + more });
        const end = packet.start + bytes.length;
        const ranges = [
          [packet.linkPayloadStart, packet.linkPayloadEnd, packet.linkPayloadBytes],
          [packet.ipPayloadStart, packet.ipPayloadEnd, packet.ipPayloadBytes],
          [packet.payloadStart, packet.payloadEnd, packet.payloadBytes],
        ] as const;
        for (const [from, to, wireBytes] of ranges) {
          expect(from).toBeGreaterThanOrEqual(packet.start);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(end);
          expect(wireBytes).toBeGreaterThanOrEqual(to - from);
          expect(wireBytes).toBeLessThanOrEqual(bytes.length + more);
        }
      }),
      RUNS,
    );
  });

  test("malformed always has a problem, cut has one only when a header was cut, and whole has none", () => {
    fc.assert(
      fc.property(anyPacket, fc.nat(64), ({ linkType, bytes }, more) => {
        const packet = decodeInBlock(linkType, bytes, { wireBytes: bytes.length + more });
        const problem = packetProblem(packet);
        if (packet.verdict === Verdict.whole) expect(problem).toBeNull();
        else if (packet.verdict === Verdict.cut) expect(problem === null || isCut(problem)).toBe(true);
        else expect(problem !== null && !isCut(problem)).toBe(true);
      }),
      RUNS,
    );
  });

  test("a valid packet is whole", () => {
    fc.assert(
      fc.property(validPacket, ({ linkType, bytes }) => {
        const packet = decodeInBlock(linkType, bytes);
        expect(packetProblem(packet)).toBeNull();
        expect(packet.verdict).toBe(Verdict.whole);
        expect(packet.kind).not.toBe(PacketKind.none);
      }),
      RUNS,
    );
  });

  test("cut at every byte, a valid packet is never malformed, and what its headers told stays told", () => {
    fc.assert(
      fc.property(validPacket, ({ linkType, bytes }) => {
        const whole = headersOf(decodeInBlock(linkType, bytes));
        for (let kept = 0; kept < bytes.length; kept++) {
          const packet = decodeInBlock(linkType, bytes.slice(0, kept), { wireBytes: bytes.length });
          expect(packet.verdict).not.toBe(Verdict.malformed);
          if (packetProblem(packet) === null) expect(headersOf(packet)).toEqual(whole);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("decodeReassembled", () => {
  test("what lies around the datagram never changes the result", () => {
    const datagram = fc.record({
      bytes: fc.uint8Array({ maxLength: 100 }),
      protocol: fc.constantFrom(0, 1, 6, 17, 44, 58, 60),
    });
    fc.assert(
      fc.property(datagram, fc.constantFrom(4, 6), ({ bytes, protocol }, version) => {
        const facts = [0x00, 0xff].map((filler) => {
          const { view, start, end } = blockAround(bytes, filler);
          const packet = new Packet();
          packet.ipVersion = version;
          packet.protocol = protocol;
          packet.kind = PacketKind.fragment;
          decodeReassembled(view, start, end, packet);
          return factsOf(packet);
        });
        expect(facts[1]).toEqual(facts[0]);
        const exact = new Packet();
        exact.ipVersion = version;
        exact.protocol = protocol;
        decodeReassembled(exactView(bytes), 0, bytes.length, exact);
      }),
      RUNS,
    );
  });
});

describe("the prefilter", () => {
  test("cut at every byte, nothing outside is read", () => {
    fc.assert(
      fc.property(anyPacket, ({ linkType, bytes }) => {
        const filter = createPrefilter(linkType, platform());
        for (const start of starts(bytes)) filter?.(exactView(start), 0, start.length);
      }),
      RUNS,
    );
  });

  test("what lies around the packet never changes the answer", () => {
    fc.assert(
      fc.property(anyPacket, ({ linkType, bytes }) => {
        const filter = createPrefilter(linkType, platform());
        const answers = [0x00, 0xff].map((filler) => {
          const { view, start, end } = blockAround(bytes, filler);
          return filter?.(view, start, end);
        });
        expect(answers[1]).toBe(answers[0]);
      }),
      RUNS,
    );
  });

  test("every packet that decoding finds to matter passes", () => {
    const addresses = platform();
    fc.assert(
      fc.property(anyPacket, ({ linkType, bytes }) => {
        const packet = decodeInBlock(linkType, bytes);
        const { view, start, end } = blockAround(bytes, 0xee);
        if (matters(packet, addresses)) expect(createPrefilter(linkType, addresses)?.(view, start, end)).toBe(1);
      }),
      { numRuns: 5000 },
    );
  });
});

function matters(packet: Packet, addresses: AddressSet): boolean {
  if (packet.kind === PacketKind.arp || quotedPlatformSide(packet, addresses) !== PlatformSide.none) return true;
  if (packet.ipVersion !== 0 && platformSide(packet, addresses) !== PlatformSide.none) return true;
  if (packet.kind === PacketKind.icmp && isIcmpError(packet.icmpType)) return true;
  const isDhcpPort = (port: number): boolean => port === 67 || port === 68;
  const { sourcePort, destinationPort } = packet;
  return (
    packet.kind === PacketKind.udp && packet.ipVersion === 4 && (isDhcpPort(sourcePort) || isDhcpPort(destinationPort))
  );
}

/** What headers alone tell: all facts but the verdict, where captured payloads end, and what a payload quotes. */
function headersOf(packet: Packet): Record<string, unknown> {
  const { verdict, problem, linkPayload, ipPayload, payload, quoted, ...headers } = factsOf(packet);
  return headers;
}
