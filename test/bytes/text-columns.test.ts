import { expect, test } from "vitest";
import { cutTo, padded, widthOf, wrapTo } from "../../src/bytes/text-columns.ts";

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
