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

  test("texts that were made to share a well-known hash cost no more than others", () => {
    const made = collisions(15);
    const others = made.map((text) => text.map(() => Math.floor(Math.random() * 256)));
    expect(new Set(made.map((text) => fnv(text, FNV_START))).size).toBe(1);
    const othersMs = timeOf(others);
    expect(timeOf(made)).toBeLessThan(10 * othersMs + 500);
  });
});

/** FNV-1a of 32 bits, which anybody can compute. */
const FNV_START = 0x811c9dc5;
function fnv(bytes: Iterable<number>, start: number): number {
  let hash = start;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/** So many times twice as many texts of one hash: two blocks that lead to the same state, one pair after the other (Joux, 2004). */
function collisions(doublings: number): Uint8Array[] {
  let texts: number[][] = [[]];
  let state = FNV_START;
  for (let step = 0; step < doublings; step++) {
    const seen = new Map<number, number[]>();
    for (;;) {
      const block = Array.from({ length: 4 }, () => Math.floor(Math.random() * 256));
      const next = fnv(block, state);
      const other = seen.get(next);
      seen.set(next, block);
      if (other === undefined || other.join() === block.join()) continue;
      texts = texts.flatMap((text) => [text.concat(other), text.concat(block)]);
      state = next;
      break;
    }
  }
  return texts.map((text) => Uint8Array.from(text));
}

function timeOf(texts: readonly Uint8Array[]): number {
  const pool = new TextPool();
  const startedMs = performance.now();
  for (const text of texts) pool.intern(new DataView(text.buffer), 0, text.length);
  return performance.now() - startedMs;
}
