import { isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ipv4Text,
  ipv4TextAt,
  ipv6Text,
  ipv6TextAt,
  macAt,
  macText,
  parseIpv4,
  parseIpv6,
  parseMac,
} from "../../src/bytes/address.ts";

const canonical = (text: string) => {
  const words = parseIpv6(text);
  return words && ipv6Text(...words);
};
const u32 = () => fc.oneof(fc.constantFrom(0, 1, 0xffff, 0x10000, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }));

test("an IPv4 address is four decimal numbers", () => {
  expect(ipv4Text(0xa83f8110)).toBe("168.63.129.16");
  expect(ipv4Text(0)).toBe("0.0.0.0");
  expect(ipv4TextAt(new DataView(Uint8Array.of(9, 255, 0, 1, 2).buffer), 1)).toBe("255.0.1.2");
});

test("IPv6 text is RFC 5952's", () => {
  expect(canonical("2001:0DB8:0:0:0:0:0:1")).toBe("2001:db8::1");
  expect(canonical("2001:db8:0:1:1:1:1:1")).toBe("2001:db8:0:1:1:1:1:1"); // 4.2.2: one zero group stays
  expect(canonical("2001:0:0:1:0:0:0:1")).toBe("2001:0:0:1::1"); // 4.2.3: the longest run
  expect(canonical("2001:db8:0:0:1:0:0:1")).toBe("2001:db8::1:0:0:1"); // 4.2.3: the first of equals
  expect(canonical("fe80::1234:5678:9abc")).toBe("fe80::1234:5678:9abc");
  expect(canonical("::")).toBe("::");
  expect(canonical("1::")).toBe("1::");
  expect(canonical("::FFFF:168.63.129.16")).toBe("::ffff:168.63.129.16"); // section 5
});

test("a MAC address is six pairs", () => {
  const view = new DataView(Uint8Array.of(0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc).buffer);
  expect(macAt(view, 1)).toBe(0x123456789abc);
  expect(macText(0x123456789abc)).toBe("12:34:56:78:9a:bc");
  expect(macText(0xfffffffffffe)).toBe("ff:ff:ff:ff:ff:fe");
  expect(parseMac("12-34-56-78-9A-BC")).toBe(0x123456789abc);
});

test("what is not an address gives null", () => {
  for (const text of ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "0x1.2.3.4", "1..2.3"])
    expect([text, parseIpv4(text)]).toEqual([text, null]);
  for (const text of ["", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::1.2.3", "1.2.3.4"])
    expect([text, parseIpv6(text)]).toEqual([text, null]);
  for (const text of ["", "12:34:56:78:9a", "12:34-56:78:9a:bc", "12:34:56:78:9a:bg"])
    expect([text, parseMac(text)]).toEqual([text, null]);
});

test("numbers survive the way to text and back", () => {
  fc.assert(
    fc.property(u32(), u32(), u32(), u32(), fc.integer({ min: 0, max: 2 ** 48 - 1 }), (a, b, c, d, mac) => {
      expect(parseIpv4(ipv4Text(a))).toBe(a);
      expect(parseIpv6(ipv6Text(a, b, c, d))).toEqual([a, b, c, d]);
      expect(parseMac(macText(mac))).toBe(mac);
    }),
  );
});

test("IPv6 text is what the URL standard writes, but for dotted mapped addresses", () => {
  fc.assert(
    fc.property(u32(), u32(), fc.integer({ min: 0x10000, max: 0xffffffff }), u32(), (a, b, c, d) => {
      const text = ipv6Text(a, b, c, d);
      expect(`[${text}]`).toBe(new URL(`http://[${text}]/`).hostname);
    }),
  );
});

test("an address is read from a view as from its words", () => {
  const view = new DataView(new ArrayBuffer(20));
  view.setUint32(4, 0xfe800000);
  view.setUint32(12, 0x1234);
  view.setUint32(16, 0x56789abc);
  expect(ipv6TextAt(view, 4)).toBe("fe80::1234:5678:9abc");
});

test("what is accepted is what Node accepts", () => {
  const near = fc.string({ unit: fc.constantFrom(..."0125:.afg"), maxLength: 20 });
  fc.assert(
    fc.property(fc.oneof(near, fc.ipV4(), fc.ipV6()), (text) => {
      expect(parseIpv4(text) !== null).toBe(isIPv4(text));
      expect(parseIpv6(text) !== null).toBe(isIPv6(text));
    }),
  );
});
