import fc from "fast-check";
import { expect, test } from "vitest";
import { finishChecksum, pseudoHeaderSum, pseudoHeaderSum6, sumWords } from "../../src/bytes/checksum.ts";

const viewOf = (hex: string) => new DataView(Uint8Array.from(Buffer.from(hex, "hex")).buffer);

test("the sum of RFC 1071 section 3's example is ddf2", () => {
  expect(finishChecksum(sumWords(viewOf("0001f203f4f5f6f7"), 0, 8))).toBe(~0xddf2 & 0xffff);
});

test("an IPv4 header with its checksum in place sums to nothing", () => {
  expect(finishChecksum(sumWords(viewOf("45000073000040004011b861c0a80001c0a800c7"), 0, 20))).toBe(0);
});

test("an odd last byte counts as if a zero followed", () => {
  expect(sumWords(viewOf("0102 03ff".replace(" ", "")), 0, 3)).toBe(0x0102 + 0x0300);
});

test("the pseudo header sums addresses, protocol and length", () => {
  expect(pseudoHeaderSum(0x0a000004, 0xa83f8110, 17, 30)).toBe(0x0a00 + 0x0004 + 0xa83f + 0x8110 + 17 + 30);
  const addresses = viewOf("fe80000000000000000012345678 9abc fe800000000000000000000000000001".replaceAll(" ", ""));
  expect(pseudoHeaderSum6(addresses, 0, 6, 0x10020)).toBe(
    0xfe80 + 0x1234 + 0x5678 + 0x9abc + 0xfe80 + 1 + 6 + 1 + 0x20,
  );
});

test("a checksum put in place always verifies", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 200 }), (bytes) => {
      const view = new DataView(Uint8Array.from(bytes).buffer);
      view.setUint16(2, 0);
      view.setUint16(2, finishChecksum(sumWords(view, 0, view.byteLength)));
      expect(finishChecksum(sumWords(view, 0, view.byteLength))).toBe(0);
    }),
  );
});
