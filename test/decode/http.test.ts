import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeHttpHead } from "../../src/decode/http.ts";
import { httpHeader, httpMethodIs } from "../../src/decode/http-fields.ts";
import { placed, readExamples } from "../support/examples.ts";
import { describeHttp } from "../support/http.ts";

const examples = readExamples(new URL("./http.md", import.meta.url));
const describePlaced = (bytes: Uint8Array, filler: number) => {
  const { view, start, end } = placed(bytes, filler);
  return describeHttp(view, start, end);
};
const headOf = (text: string) => {
  const { view, start, end } = placed(Uint8Array.from(Buffer.from(text, "latin1")), 0x0a);
  return { view, head: decodeHttpHead(view, start, end) };
};
const piece = fc.constantFrom(
  "GET",
  " ",
  "/",
  "HTTP/1.1",
  "HTTP/1.",
  "\r\n",
  "\n",
  "\r",
  "a:",
  ":",
  "b",
  "PROXY ",
  "\r\n\r\n\0\r\nQUIT\n",
  "\xff",
);
const anyHead = fc.oneof(
  fc.array(piece, { maxLength: 20 }).map((pieces) => Uint8Array.from(Buffer.from(pieces.join(""), "latin1"))),
  fc.constantFrom(...examples.map((example) => example.bytes)).chain((bytes) =>
    fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }).map((changes) => {
      const mutated = bytes.slice();
      for (const [at, value] of changes) mutated[at] = value;
      return mutated;
    }),
  ),
);

describe("documented heads", () => {
  test.each(examples)("$title", ({ bytes, expected }) => {
    expect(describePlaced(bytes, 0x0a)).toEqual(expected);
  });
});

test("what lies around the head never changes the result", () => {
  fc.assert(
    fc.property(anyHead, fc.constantFrom(0x0a, 0x20, 0x3a, 0xff), (bytes, filler) => {
      expect(describePlaced(bytes, filler)).toEqual(describePlaced(bytes, 0x00));
    }),
    { numRuns: 2000 },
  );
});

test.each(examples)("cut anywhere, it tells nothing that the whole does not: $title", ({ bytes }) => {
  const { view, start } = placed(bytes, 0x0a);
  const whole = decodeHttpHead(view, start, start + bytes.length);
  for (let size = 0; size < whole.end - start; size++) {
    const cut = decodeHttpHead(view, start, start + size);
    if (whole.verdict === "whole") expect(cut.verdict).toBe("cut");
    expect(cut.end).toBeLessThanOrEqual(start + size);
    expect(whole.headers.slice(0, Math.max(0, cut.headers.length - 1))).toEqual(cut.headers.slice(0, -1));
  }
});

test("a header is found whatever the case of its name", () => {
  const { view, head } = headOf("GET / HTTP/1.1\r\nuSER-aGENT: x\r\nUser-Agen: y\r\n\r\n");
  expect(httpHeader(view, head, "user-agent")).toBe("x");
  expect(httpHeader(view, head, "user-agents")).toBeNull();
});

test("a method is compared whole and with its case", () => {
  const { view, head } = headOf("GET / HTTP/1.1\r\n\r\n");
  expect(["GET", "GE", "GETS", "get"].map((method) => httpMethodIs(view, head, method))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test("any token is a method once its line is whole; before that, only a known one is", () => {
  expect(headOf("M-SEARCH /x HTTP/1.1\r\n\r\n").head).toMatchObject({ verdict: "whole", kind: "request" });
  expect(headOf("M-SEARCH /x HTTP").head.verdict).toBe("not-http");
});

test("a head over its bound is given up", () => {
  const { head } = headOf(`GET / HTTP/1.1\r\nx: ${"y".repeat(70_000)}\r\n\r\n`);
  expect([head.verdict, head.problem?.code]).toEqual(["malformed", "http-head-too-long"]);
  expect(headOf(`GET /${"y".repeat(70_000)}`).head.verdict).toBe("malformed");
});

test("header lines over their bound are passed over, and the head's end is still found", () => {
  const { view, head } = headOf(`GET / HTTP/1.1\r\n${"a: b\r\n".repeat(300)}last: c\r\n\r\n`);
  expect([head.verdict, head.headers.length / 4, head.problem?.code]).toEqual(["whole", 256, "http-too-many-headers"]);
  expect(httpHeader(view, head, "last")).toBeNull();
});
