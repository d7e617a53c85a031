import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FULL_TEXT, NO_TEXT, TextPool } from "../../src/bytes/text-pool.ts";

function intern(pool: TextPool, text: string): number {
  const bytes = new TextEncoder().encode(`..${text}..`);
  return pool.intern(new DataView(bytes.buffer), 2, bytes.length - 2);
}

describe("a text pool", () => {
  test("gives the same text the same number and another text another one", () => {
    const pool = new TextPool();
    const first = intern(pool, "/machine/?comp=goalstate");
    expect(intern(pool, "/machine/?comp=goalstate")).toBe(first);
    expect(intern(pool, "/machine/?comp=goalstatE")).not.toBe(first);
    expect(pool.text(first)).toBe("/machine/?comp=goalstate");
  });

  test("tells no text from empty text", () => {
    const pool = new TextPool();
    expect(pool.text(NO_TEXT)).toBeNull();
    expect(pool.text(intern(pool, ""))).toBe("");
  });

  test("escapes what is not safe to print", () => {
    const pool = new TextPool();
    expect(pool.text(intern(pool, "a\u001b[2J"))).toBe("a\\x1b[2J");
  });

  test("cuts a text beyond 2,048 bytes, and does not take it for one of just that length", () => {
    const pool = new TextPool();
    const cut = intern(pool, "a".repeat(2049));
    const whole = intern(pool, "a".repeat(2048));
    expect(pool.text(cut)).toBe(`${"a".repeat(2048)}…`);
    expect(pool.text(whole)).toBe("a".repeat(2048));
  });

  test("keeps nothing new when it is full, and still finds what it has", () => {
    const pool = new TextPool(8);
    const known = intern(pool, "12345678");
    expect(intern(pool, "9")).toBe(FULL_TEXT);
    expect(intern(pool, "12345678")).toBe(known);
    expect(pool.text(FULL_TEXT)).toBe("…");
    expect(pool.refused).toBe(1);
  });

  test("takes strings as well as bytes", () => {
    const pool = new TextPool();
    expect(pool.internString("größe")).toBe(intern(pool, "größe"));
  });

  test("finds every one of many texts again", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: "grapheme-ascii" }), { maxLength: 3000, minLength: 600 }),
        (texts) => {
          const pool = new TextPool();
          const numbers = texts.map((text) => intern(pool, text));
          expect(numbers.map((number) => pool.text(number))).toEqual(texts);
        },
      ),
      { numRuns: 10 },
    );
  });
});
