import { expect, test } from "vitest";
import { cutTo, padded, widthOf, wrapAdvice, wrapTo } from "../../src/bytes/text-columns.ts";

test("a CJK character takes two columns", () => {
  expect(widthOf("平台")).toBe(4);
});

test("a text that fits stays as it is", () => {
  expect(cutTo("eth0", 4)).toBe("eth0");
});

test("a cut text ends with the ellipsis within its columns", () => {
  expect(cutTo("WireServer", 5)).toBe("Wire…");
});

test("a character is never cut in half", () => {
  expect(cutTo("平台平台", 6, "~")).toBe("平台~");
});

test("an emoji of several code points stays whole or goes", () => {
  expect(cutTo("👩‍👩‍👧 family", 2, "~")).toBe("~");
});

test("no column holds no text", () => {
  expect(cutTo("eth0", 0)).toBe("");
});

test("padding counts columns, not characters", () => {
  expect(padded("平", 4)).toBe("平  ");
});

test("padding on the right side's behalf comes first", () => {
  expect(padded("7", 3, "right")).toBe("  7");
});

test("lines break at spaces", () => {
  expect(wrapTo("one two three", 7)).toEqual(["one two", "three"]);
});

test("a word that is longer than a line breaks anywhere", () => {
  expect(wrapTo("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
});

test("a command in quotes stays on one line, also one that is longer than a line", () => {
  expect(wrapAdvice('Try "ip route get 1.2.3.4", then go on.', 20)).toEqual([
    "Try",
    '"ip route get 1.2.3.4",',
    "then go on.",
  ]);
  expect(wrapAdvice('one ("two three")', 14)).toEqual(["one", '("two three")']);
  expect(wrapAdvice('an open " quote', 20)).toEqual(['an open " quote']);
  expect(wrapAdvice("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
});
