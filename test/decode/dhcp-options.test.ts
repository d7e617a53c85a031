import { expect, test } from "vitest";
import { decodeDhcp } from "../../src/decode/dhcp.ts";
import {
  dhcpAddress,
  dhcpAddresses,
  dhcpOptionName,
  dhcpOptionText,
  dhcpRoutes,
  dhcpSeconds,
  dhcpText,
  dhcpValue,
} from "../../src/decode/dhcp-options.ts";
import { hexBytes } from "../support/examples.ts";

const option = (code: number, data: string) => ({ code, data: Uint8Array.from(hexBytes(data)) });
const messageOf = (options: string) => {
  const bytes = hexBytes(`01 01 06 zeros 233 63 82 53 63 ${options} ff`);
  return decodeDhcp(new DataView(Uint8Array.from(bytes).buffer), 0, bytes.length);
};

test.each([
  [26, "05 dc", { kind: "number", number: 1500 }],
  [42, "01 01 01 01 02 02 02 02", { kind: "addresses", addresses: [0x01010101, 0x02020202] }],
  [52, "03", { kind: "number", number: 3 }],
  [60, '"MSFT 5.0" 00', { kind: "text", text: "MSFT 5.0" }],
  [61, "ff 01 02", { kind: "identifier", hardwareType: 255, text: "0102" }],
  [77, '03 "abc" 02 "de"', { kind: "texts", texts: ["abc", "de"] }],
  [77, '"RRAS.Microsoft"', { kind: "text", text: "RRAS.Microsoft" }],
  [81, '04 ff ff 02 "vm" 04 "test" 00', { kind: "full-name", flags: 4, name: "vm.test" }],
  [81, '05 00 00 02 "vm"', { kind: "full-name", flags: 5, name: "vm" }],
  [81, '00 00 00 "vm"', { kind: "full-name", flags: 0, name: "vm" }],
  [
    82,
    "01 02 aa bb 02 00",
    {
      kind: "suboptions",
      suboptions: [
        { code: 1, data: Uint8Array.of(0xaa, 0xbb) },
        { code: 2, data: new Uint8Array() },
      ],
    },
  ],
  [
    249,
    "19 0a 01 02 80 0a 00 00 01",
    { kind: "routes", routes: [{ destination: 0x0a010280, prefixLength: 25, router: 0x0a000001 }] },
  ],
] as const)("option %i of %s is understood", (code, data, expected) => {
  expect(dhcpValue(option(code, data))).toEqual(expected);
});

test.each([
  [1, "ff ff ff"],
  [3, ""],
  [3, "01 02 03 04 05"],
  [51, "00 00 01"],
  [53, "01 02"],
  [57, "05"],
  [61, "01"],
  [81, "00 00"],
  [81, '04 00 00 05 "vm"'],
  [82, "01 05 aa"],
  [82, "01"],
  [119, ""],
  [119, "c0 00"],
  [119, '02 "a"'],
  [121, "21 0a 00 00 00 00 0a 00 00 01"],
  [121, "18 0a 00 00"],
  [245, "a8 3f 81"],
  [245, ""],
  [43, "01 02"],
  [224, "01 02"],
])("option %i of %s is not, and keeps its bytes", (code, data) => {
  expect(dhcpValue(option(code, data))).toBeNull();
  expect(dhcpOptionText(option(code, data))).toBe(Buffer.from(hexBytes(data)).toString("hex"));
});

test("a value is taken from a message by its code", () => {
  const message = messageOf(
    '36 04 a8 3f 81 10  33 04 00 00 0e 10  06 08 01 01 01 01 02 02 02 02  0c 02 "vm"  79 05 00 0a 00 00 01  f9 05 00 0a 00 00 02',
  );
  expect(dhcpAddress(message, 54)).toBe(0xa83f8110);
  expect(dhcpSeconds(message, 51)).toBe(3600);
  expect(dhcpAddresses(message, 6)).toEqual([0x01010101, 0x02020202]);
  expect(dhcpText(message, 12)).toBe("vm");
  expect(dhcpRoutes(message).map((route) => route.router)).toEqual([0x0a000001, 0x0a000002]);
});

test("what a message does not have is not made up", () => {
  const message = messageOf("f5 03 a8 3f 81");
  expect([dhcpAddress(message, 245), dhcpSeconds(message, 51), dhcpText(message, 12)]).toEqual([null, null, null]);
  expect([dhcpAddresses(message, 3), dhcpRoutes(message)]).toEqual([[], []]);
});

test("an option without a name has its number", () => {
  expect([dhcpOptionName(245), dhcpOptionName(43), dhcpOptionName(224)]).toEqual([
    "platform-address",
    "vendor-specific-information",
    "option-224",
  ]);
});
