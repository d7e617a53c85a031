import fc from "fast-check";
import { expect, test } from "vitest";
import { CUT_MARK, hexText, safeString, safeText } from "../../src/bytes/text.ts";

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const fromBytes = (...bytes: number[]) => safeText(viewOf(Uint8Array.from(bytes)), 0, bytes.length);
const fromUtf8 = (text: string) => {
  const bytes = new TextEncoder().encode(text);
  return safeText(viewOf(bytes), 0, bytes.length);
};

test("printable text of any script stays as it is", () => {
  expect(fromUtf8("vm-01 C:\\temp Zürich 東京 🚀")).toBe("vm-01 C:\\temp Zürich 東京 🚀");
});

test("control characters are shown, not sent to the terminal", () => {
  expect(fromUtf8("a\tb\r\nc\u001b[31md\u0000\u007f")).toBe("a\\tb\\r\\nc\\x1b[31md\\x00\\x7f");
  expect(fromUtf8("\u009b2J")).toBe("\\u{9B}2J"); // C1: CSI in one character
});

test("characters that reorder or hide text are shown", () => {
  expect(fromUtf8("user\u202egnp.exe")).toBe("user\\u{202E}gnp.exe");
  expect(fromUtf8("\u2066\u2069\u200f\u061c")).toBe("\\u{2066}\\u{2069}\\u{200F}\\u{61C}");
  expect(fromUtf8("a\u200bb\u200d\ufeff\u00ad\u2028")).toBe("a\\u{200B}b\\u{200D}\\u{FEFF}\\u{AD}\\u{2028}");
  expect(fromUtf8("\u{e0041}")).toBe("\\u{E0041}");
});

test("bytes that are not UTF-8 are shown one by one", () => {
  expect(fromBytes(0x61, 0xff, 0x80, 0x62)).toBe("a\\xff\\x80b");
  expect(fromBytes(0xc0, 0xaf)).toBe("\\xc0\\xaf"); // overlong "/"
  expect(fromBytes(0xed, 0xa0, 0x80)).toBe("\\xed\\xa0\\x80"); // surrogate
  expect(fromBytes(0xf4, 0x90, 0x80, 0x80)).toBe("\\xf4\\x90\\x80\\x80"); // above U+10FFFF
  expect(fromBytes(0xe2, 0x82)).toBe("\\xe2\\x82"); // ends inside a character
});

test("text over the bound is cut at a character and marked", () => {
  const bytes = new TextEncoder().encode("ab€cd");
  expect(safeText(viewOf(bytes), 0, bytes.length, 4)).toBe(`ab${CUT_MARK}`);
  expect(safeText(viewOf(bytes), 0, bytes.length, 5)).toBe(`ab€${CUT_MARK}`);
  expect(safeText(viewOf(bytes), 0, bytes.length, 7)).toBe("ab€cd");
});

test("decoded text is made safe in the same way", () => {
  expect(safeString("a\u001bb\u202e\ud800€🚀")).toBe("a\\x1bb\\u{202E}\\u{D800}€🚀");
  expect(safeString("abcdef", 3)).toBe(`abc${CUT_MARK}`);
});

test("bytes are shown as pairs of hexadecimal digits", () => {
  expect(hexText(viewOf(Uint8Array.of(0, 0x0f, 0xa8, 0xff)), 1, 4)).toBe("0fa8ff");
});

test("no byte sequence yields a control, invisible or direction-changing character", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(safeText(viewOf(bytes), 0, bytes.length)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});

test("every control, format, line-separating or ignorable character that this runtime knows is escaped", () => {
  const shown: string[] = [];
  for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
    const character = String.fromCodePoint(codePoint);
    if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}]/u.test(character)) continue;
    if (!safeString(character).startsWith("\\")) shown.push(codePoint.toString(16));
  }
  expect(shown).toEqual([]);
});

test("valid text is read as the runtime's own encoder wrote it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(fromUtf8(text)).toBe(safeString(text));
    }),
  );
});
