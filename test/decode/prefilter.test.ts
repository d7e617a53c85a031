import { describe, expect, test } from "vitest";
import { AddressSet } from "../../src/decode/address-set.ts";
import { createPrefilter } from "../../src/decode/prefilter.ts";
import { blockAround } from "../support/decode-in-block.ts";
import { ethernet, hex, icmp, ipv4, ipv6, joinBytes, tcp, udp } from "../support/packet-bytes.ts";

const ETHERNET = 1;
const NOTHING = new Uint8Array(0);
const OTHERS = { source: "10.0.0.4", destination: "10.0.0.5" };
const OTHERS6 = { source: "fd000000000000000000000000000001", destination: "fd000000000000000000000000000002" };

function platform(): AddressSet {
  const addresses = new AddressSet();
  addresses.addIpv4(0xa83f8110);
  addresses.addIpv6(0xfe800000, 0, 0x1234, 0x56789abc);
  return addresses;
}

function passes(
  bytes: Uint8Array,
  linkType: number = ETHERNET,
  addresses: AddressSet = platform(),
): number | undefined {
  const { view, start, end } = blockAround(bytes, 0xa8);
  return createPrefilter(linkType, addresses)?.(view, start, end);
}

describe("over Ethernet", () => {
  test("a packet to or from the platform passes", () => {
    expect(passes(ethernet(ipv4(tcp(NOTHING), { destination: "168.63.129.16" })))).toBe(1);
    expect(passes(ethernet(ipv4(tcp(NOTHING), { source: "168.63.129.16", destination: "10.0.0.4" })))).toBe(1);
  });

  test("TCP between others does not", () => {
    expect(passes(ethernet(ipv4(tcp(NOTHING), OTHERS)))).toBe(0);
  });

  test("the platform's IPv6 address passes on either side, and one that differs in the first word does not", () => {
    const almost = "fe810000000000000000123456789abc";
    expect(passes(ethernet(ipv6(tcp(NOTHING))))).toBe(1);
    expect(passes(ethernet(ipv6(tcp(NOTHING), { ...OTHERS6, source: "fe800000000000000000123456789abc" })))).toBe(1);
    expect(passes(ethernet(ipv6(tcp(NOTHING), { ...OTHERS6, destination: almost })))).toBe(0);
  });

  test("an address added later counts from then on", () => {
    const addresses = platform();
    const bytes = ethernet(ipv4(tcp(NOTHING), OTHERS));
    expect(passes(bytes, ETHERNET, addresses)).toBe(0);
    addresses.addIpv4(0x0a000005);
    expect(passes(bytes, ETHERNET, addresses)).toBe(1);
  });

  test.each([
    [67, 68, 1],
    [68, 67, 1],
    [67, 67, 1],
    [66, 69, 0],
    [53, 40_000, 0],
  ])("UDP from port %i to %i between others answers %i", (sourcePort, destinationPort, answer) => {
    expect(passes(ethernet(ipv4(udp(NOTHING, { sourcePort, destinationPort }), { ...OTHERS, protocol: 17 })))).toBe(
      answer,
    );
  });

  test("IPv4 options before the ports of DHCP are stepped over", () => {
    const dhcp = udp(NOTHING, { sourcePort: 68, destinationPort: 67 });
    expect(passes(ethernet(ipv4(dhcp, { ...OTHERS, protocol: 17, options: hex("94040000") })))).toBe(1);
  });

  test.each([
    [0, 0],
    [3, 1],
    [4, 1],
    [5, 1],
    [8, 0],
    [11, 1],
    [12, 1],
    [13, 0],
  ])("ICMP of type %i between others answers %i", (type, answer) => {
    expect(passes(ethernet(ipv4(icmp(type, 0, 0, NOTHING), { ...OTHERS, protocol: 1 })))).toBe(answer);
  });

  test.each([
    [1, 1],
    [127, 1],
    [128, 0],
    [135, 0],
  ])("ICMPv6 of type %i between others answers %i", (type, answer) => {
    expect(passes(ethernet(ipv6(icmp(type, 0, 0, NOTHING), { ...OTHERS6, nextHeader: 58 })))).toBe(answer);
  });

  test("a tunnel passes when a platform address stands where an inner header may have it", () => {
    const vxlan = (inner: Uint8Array, destinationPort = 4789) =>
      udp(joinBytes(hex("0800000000000100"), ethernet(inner)), { destinationPort });
    const theirs = ipv4(tcp(NOTHING));
    expect(passes(ethernet(ipv4(vxlan(theirs), { ...OTHERS, protocol: 17 })))).toBe(1);
    expect(passes(ethernet(ipv4(vxlan(ipv6(tcp(NOTHING))), { ...OTHERS, protocol: 17 })))).toBe(1);
    expect(passes(ethernet(ipv4(vxlan(ipv4(tcp(NOTHING), OTHERS)), { ...OTHERS, protocol: 17 })))).toBe(0);
    expect(passes(ethernet(ipv4(vxlan(theirs, 4788), { ...OTHERS, protocol: 17 })))).toBe(0);
    expect(passes(ethernet(ipv6(vxlan(theirs), { ...OTHERS6, nextHeader: 17 })))).toBe(1);
    expect(passes(ethernet(ipv6(vxlan(theirs, 4788), { ...OTHERS6, nextHeader: 17 })))).toBe(0);
    for (const protocol of [4, 41, 47]) {
      expect(passes(ethernet(ipv4(joinBytes(hex("00000800"), theirs), { ...OTHERS, protocol })))).toBe(1);
      expect(passes(ethernet(ipv6(theirs, { ...OTHERS6, nextHeader: protocol })))).toBe(1);
      expect(passes(ethernet(ipv4(hex("00000800"), { ...OTHERS, protocol })))).toBe(0);
    }
  });

  test("a later fragment passes by its address alone", () => {
    const bytes = udp(NOTHING, { sourcePort: 68, destinationPort: 67 });
    expect(passes(ethernet(ipv4(bytes, { ...OTHERS, protocol: 17, fragmentOffset: 8 })))).toBe(0);
    expect(passes(ethernet(ipv4(bytes, { source: "168.63.129.16", protocol: 17, fragmentOffset: 8 })))).toBe(1);
  });

  test("one VLAN tag is looked through, and two are left to the decoder", () => {
    const tag = { type: 0x8100, control: 7 };
    expect(passes(ethernet(ipv4(tcp(NOTHING)), { tags: [tag] }))).toBe(1);
    expect(passes(ethernet(ipv4(tcp(NOTHING), OTHERS), { tags: [tag] }))).toBe(0);
    expect(passes(ethernet(ipv4(tcp(NOTHING), OTHERS), { tags: [tag, tag] }))).toBe(1);
  });

  test("ARP, LLC and frames too short to tell pass", () => {
    expect(passes(ethernet(new Uint8Array(46), { type: 0x0806 }))).toBe(1);
    expect(passes(ethernet(new Uint8Array(46), { type: 46 }))).toBe(1);
    expect(passes(hex("0011223344550011223344660800"))).toBe(1);
    expect(passes(NOTHING)).toBe(1);
  });

  test("an EtherType that holds nothing of interest does not", () => {
    expect(passes(ethernet(new Uint8Array(46), { type: 0x88cc }))).toBe(0);
  });
});

describe("over other link types", () => {
  const theirs = ipv4(tcp(NOTHING));
  const others = ipv4(tcp(NOTHING), OTHERS);
  const theirs6 = ipv6(tcp(NOTHING));
  const others6 = ipv6(tcp(NOTHING), OTHERS6);

  test.each([
    ["BSD null", 0, "02000000"],
    ["BSD loop", 108, "00000002"],
    ["PPP", 9, "0021"],
    ["PPP with address and control", 9, "ff030021"],
    ["PPP in HDLC framing", 50, "ff030021"],
    ["raw IP", 101, ""],
    ["raw IP as 12", 12, ""],
    ["raw IP as 14", 14, ""],
    ["IPv4", 228, ""],
    ["Linux cooked", 113, "00000001000600112233445500000800"],
    ["Linux cooked v2", 276, "0800000000000002000100060011223344550000"],
  ])("%s: the platform's IPv4 passes and others' does not", (_name, linkType, header) => {
    expect(passes(joinBytes(hex(header), theirs), linkType)).toBe(1);
    expect(passes(joinBytes(hex(header), others), linkType)).toBe(0);
  });

  test.each([
    ["BSD null", 0, "1e000000"],
    ["PPP", 9, "0057"],
    ["PPP in HDLC framing", 50, "ff030057"],
    ["raw IP", 101, ""],
    ["IPv6", 229, ""],
    ["Linux cooked", 113, "000000010006001122334455000086dd"],
    ["Linux cooked v2", 276, "86dd000000000002000100060011223344550000"],
  ])("%s: the platform's IPv6 passes and others' does not", (_name, linkType, header) => {
    expect(passes(joinBytes(hex(header), theirs6), linkType)).toBe(1);
    expect(passes(joinBytes(hex(header), others6), linkType)).toBe(0);
  });

  test("a link type that cannot be decoded has no prefilter", () => {
    expect(createPrefilter(105, platform())).toBeNull();
  });
});
