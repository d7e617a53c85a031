import { describe, expect, test } from "vitest";
import { AddressSet, PlatformSide, platformSide, quotedPlatformSide } from "../../src/decode/address-set.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { ethernet, hex, icmp, ipv4, ipv6, tcp } from "../support/packet-bytes.ts";

const ETHERNET = 1;
const RAW = 101;
const NOTHING = new Uint8Array(0);

function platform(): AddressSet {
  const addresses = new AddressSet();
  addresses.addIpv4(0xa83f8110);
  addresses.addIpv6(0xfe800000, 0, 0x1234, 0x56789abc);
  return addresses;
}

describe("AddressSet", () => {
  test("words are the same signed and unsigned", () => {
    const addresses = platform();
    expect(addresses.hasIpv4(0xa83f8110 | 0)).toBe(true);
    expect(addresses.hasIpv6(0xfe800000 | 0, 0, 0x1234, 0x56789abc)).toBe(true);
    expect(addresses.addIpv4(0xa83f8110 | 0)).toBe(true);
    expect(addresses.ipv4Count).toBe(1);
  });

  test("an address that differs in any word is not in it", () => {
    const addresses = platform();
    expect(addresses.hasIpv4(0xa83f8111 | 0)).toBe(false);
    expect(addresses.hasIpv6(0xfe810000 | 0, 0, 0x1234, 0x56789abc)).toBe(false);
    expect(addresses.hasIpv6(0xfe800000 | 0, 1, 0x1234, 0x56789abc)).toBe(false);
    expect(addresses.hasIpv6(0xfe800000 | 0, 0, 0x1235, 0x56789abc)).toBe(false);
    expect(addresses.hasIpv6(0xfe800000 | 0, 0, 0x1234, 0x56789abd)).toBe(false);
  });

  test("sixteen of each version have room, and a seventeenth has not", () => {
    const addresses = new AddressSet();
    for (let word = 1; word <= 16; word++) {
      expect(addresses.addIpv4(word)).toBe(true);
      expect(addresses.addIpv6(0, 0, 0, word)).toBe(true);
    }
    expect(addresses.addIpv4(17)).toBe(false);
    expect(addresses.addIpv6(0, 0, 0, 17)).toBe(false);
    expect(addresses.addIpv4(16)).toBe(true);
    expect(addresses.hasIpv4(17)).toBe(false);
  });
});

describe("platformSide", () => {
  test.each([
    ["to the platform", ipv4(tcp(NOTHING)), PlatformSide.destination],
    ["from it", ipv4(tcp(NOTHING), { source: "168.63.129.16", destination: "10.0.0.4" }), PlatformSide.source],
    ["between others", ipv4(tcp(NOTHING), { destination: "10.0.0.5" }), PlatformSide.none],
    ["to its IPv6 address", ipv6(tcp(NOTHING)), PlatformSide.destination],
    [
      "to an IPv6 address that ends like its IPv4 one",
      ipv6(tcp(NOTHING), { destination: "0".repeat(24).concat("a83f8110") }),
      PlatformSide.none,
    ],
  ])("of a packet %s", (_name, bytes, side) => {
    expect(platformSide(decodeInBlock(RAW, bytes), platform())).toBe(side);
  });

  test("of an ARP message that asks for the platform", () => {
    const message = hex("0001 0800 06 04 0001 000d3a112233 0a000004 000000000000 a83f8110");
    expect(platformSide(decodeInBlock(ETHERNET, ethernet(message, { type: 0x0806 })), platform())).toBe(
      PlatformSide.destination,
    );
  });
});

describe("quotedPlatformSide", () => {
  test("of an error that quotes a packet to the platform", () => {
    const error = ipv4(icmp(3, 1, 0, ipv4(tcp(NOTHING))), { protocol: 1, source: "10.0.0.1", destination: "10.0.0.4" });
    const packet = decodeInBlock(RAW, error);
    expect(platformSide(packet, platform())).toBe(PlatformSide.none);
    expect(quotedPlatformSide(packet, platform())).toBe(PlatformSide.destination);
  });

  test("of a packet that is no error, though the packet before was", () => {
    const before = decodeInBlock(RAW, ipv4(icmp(3, 1, 0, ipv4(tcp(NOTHING))), { protocol: 1 }));
    const packet = decodeInBlock(RAW, ipv4(tcp(NOTHING)), { before });
    expect(quotedPlatformSide(packet, platform())).toBe(PlatformSide.none);
  });
});
