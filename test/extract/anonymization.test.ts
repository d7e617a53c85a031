import fc from "fast-check";
import { expect, test } from "vitest";
import { Anonymization } from "../../src/extract/anonymization.ts";

const PLATFORM = 0xa83f8110;
const made = () => new Anonymization([PLATFORM], new Uint8Array(32).fill(7));
const word = fc.integer({ min: 0, max: 0xffffffff });

/** Leading bits that two addresses share. */
const shared = (a: number, b: number) => Math.clz32(a ^ b);

test("two addresses share as many leading bits after as before", () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      const mapping = made();
      const kept = [0, 0xffffffff, PLATFORM];
      fc.pre(!kept.includes(a) && !kept.includes(b));
      expect(shared(mapping.address(a), mapping.address(b))).toBe(shared(a, b));
    }),
  );
});

test("private addresses stay private", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (low) => {
      expect(made().address(0x0a000000 + low) >>> 24).toBe(10);
    }),
  );
});

test("the platform's address, none and broadcast stay what they are", () => {
  const mapping = made();
  expect([PLATFORM, 0, 0xffffffff].map((address) => mapping.address(address))).toEqual([PLATFORM, 0, 0xffffffff]);
});

test("a label keeps its length, and what tells the kind of a name stays", () => {
  const mapping = made();
  expect(mapping.label("secretvm01")).toHaveLength(10);
  expect(mapping.label("SecretVM01")).toBe(mapping.label("secretvm01"));
  expect(mapping.label("secretvm01")).not.toBe("secretvm01");
  expect(["privatelink", "internal", "cloudapp", "net", "10"].map((label) => mapping.label(label))).toEqual([
    "privatelink",
    "internal",
    "cloudapp",
    "net",
    "10",
  ]);
});

test("what stands for a label is the same however many others came between", () => {
  const mapping = made();
  const label = mapping.label("contoso");
  for (let other = 0; other < 200_001; other++) mapping.label(`other${other}`);
  expect(mapping.label("contoso")).toBe(label);
});
