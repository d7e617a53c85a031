import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteBudget } from "../../src/bytes/byte-budget.ts";
import { BodyPrefix } from "../../src/decode/body-prefix.ts";
import { decodeHttpHead } from "../../src/decode/http.ts";
import { HttpBody } from "../../src/decode/http-body.ts";
import { bodyMethod, httpRequestBody, httpResponseBody } from "../../src/decode/http-framing.ts";
import { placed } from "../support/examples.ts";

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));
const viewOf = (text: string) => new DataView(bytesOf(text).buffer);

/** Feeds `stream` in pieces that end at `cuts`, each from a block that is overwritten afterwards. */
function feed(body: HttpBody, stream: Uint8Array, cuts: readonly number[]): { taken: number; content: string } {
  const prefix = new BodyPrefix(new ByteBudget(1 << 20));
  let taken = 0;
  for (const cut of [...cuts, stream.length]) {
    if (cut < taken) continue;
    const { view, start, end } = placed(stream.slice(taken, cut), 0x30);
    const next = body.consume(view, start, end, prefix);
    new Uint8Array(view.buffer).fill(0xee);
    taken += next - start;
    if (next < end) break;
  }
  const content = Buffer.from(prefix.view.buffer, 0, prefix.length).toString("latin1");
  return { taken, content };
}

function bodyOf(head: string, method: "HEAD" | "CONNECT" | "other" | null = null): HttpBody {
  const view = viewOf(head);
  const decoded = decodeHttpHead(view, 0, view.byteLength);
  return decoded.kind === "request" ? httpRequestBody(view, decoded) : httpResponseBody(view, decoded, method);
}

test("chunks are taken out of their framing, and what follows the body is left", () => {
  const body = new HttpBody("chunked");
  const stream = bytesOf("4\r\nWiki\r\nA;x=y\r\npedia in\r\n\r\n0\r\nTrailer: z\r\n\r\nHTTP/1.1");
  const { taken, content } = feed(body, stream, []);
  expect(content).toBe("Wikipedia in\r\n");
  expect([stream.length - taken, body.done, body.contentBytes, body.wireBytes]).toEqual([8, true, 14, taken]);
});

test("bare LF, upper and lower case digits, zeros before and blanks after the size are taken", () => {
  const body = new HttpBody("chunked");
  expect(feed(body, bytesOf("00c \nabcdefghijkl\n1\t\r\nm\r\n0\n\n"), []).content).toBe("abcdefghijklm");
  expect(body).toMatchObject({ done: true, problem: null });
});

test.each([
  ["no size", "\r\nabc", 1],
  ["a size that is no number", "xyz\r\n", 1],
  ["more data than its size", "1\r\nab\r\n", 5],
  ["CR without LF behind the size", "1\rab", 3],
  ["a size beyond counting", "ffffffffffffffff\r\n", 14],
])("a chunk with %s ends the tracking where it is", (_, stream, offsetBytes) => {
  const body = new HttpBody("chunked");
  feed(body, bytesOf(stream), []);
  expect(body).toMatchObject({ failed: true, done: false, problem: { code: "http-bad-chunk", offsetBytes } });
});

test("a chunk's line and the trailers have a bound", () => {
  const line = new HttpBody("chunked");
  feed(line, bytesOf(`1;${"x".repeat(20_000)}\r\n`), []);
  const trailers = new HttpBody("chunked");
  feed(trailers, bytesOf(`0\r\n${"a: b\r\n".repeat(4000)}\r\n`), []);
  expect([line.problem?.code, trailers.problem?.code]).toEqual(["http-bad-chunk", "http-bad-chunk"]);
});

test("a body of a stated length ends there, and an empty one has ended", () => {
  const body = new HttpBody("length", 3);
  expect(feed(body, bytesOf("abcdef"), [])).toEqual({ taken: 3, content: "abc" });
  expect(body.done).toBe(true);
  expect(new HttpBody("length", 0).done).toBe(true);
});

test("missed bytes are passed within content, and end the tracking within framing", () => {
  const stated = new HttpBody("length", 10);
  expect([stated.skip(4), stated.skip(20), stated.done]).toEqual([4, 6, true]);
  const chunked = new HttpBody("chunked");
  feed(chunked, bytesOf("8\r\nab"), []);
  expect([chunked.skip(3), chunked.failed]).toEqual([3, false]);
  expect([chunked.skip(9), chunked.failed, chunked.problem?.code]).toEqual([3, true, "http-cut"]);
  const endless = new HttpBody("until-close");
  expect([endless.skip(1e9), endless.contentBytes, endless.done]).toEqual([1e9, 1e9, false]);
});

test("the request tells how its answer's body is framed", () => {
  const sized = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
  expect(bodyOf(sized, "HEAD")).toMatchObject({ framing: "none", done: true });
  expect(bodyOf(sized, "other")).toMatchObject({ framing: "length", done: false });
  expect(bodyOf(sized, "CONNECT").framing).toBe("tunnel");
  expect(bodyOf("HTTP/1.1 407 No\r\nContent-Length: 9\r\n\r\n", "CONNECT").framing).toBe("length");
  for (const status of [100, 199, 204, 304])
    expect(bodyOf(`HTTP/1.1 ${status} X\r\nContent-Length: 9\r\n\r\n`).framing).toBe("none");
  expect(bodyOf("HTTP/1.1 101 Switching Protocols\r\n\r\n").framing).toBe("tunnel");
  for (const [head, method] of [
    ["HEAD / HTTP/1.1\r\n\r\n", "HEAD"],
    ["CONNECT a:1 HTTP/1.1\r\n\r\n", "CONNECT"],
    ["GET / HTTP/1.1\r\n\r\n", "other"],
  ] as const) {
    const view = viewOf(head);
    expect(bodyMethod(view, decodeHttpHead(view, 0, view.byteLength))).toBe(method);
  }
});

test("codings that do not end with chunked are read as RFC 9112 section 6.3 says", () => {
  const headers = (coding: string) => `Transfer-Encoding: ${coding}\r\n\r\n`;
  expect(bodyOf(`POST / HTTP/1.1\r\n${headers("gzip")}`).problem?.code).toBe("http-bad-transfer-coding");
  expect(bodyOf(`HTTP/1.1 200 OK\r\n${headers("gzip")}`)).toMatchObject({ framing: "until-close", problem: null });
  expect(bodyOf(`HTTP/1.1 200 OK\r\n${headers("gzip, chunked")}`).framing).toBe("chunked");
  expect(bodyOf(`HTTP/1.1 200 OK\r\n${headers("xchunked")}`).framing).toBe("until-close");
  expect(bodyOf(`HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n${headers("chunked")}`).framing).toBe("chunked");
});

test.each(["", "-1", "1x", "1 2", "0x10", "99999999999999999999", "5,6", "5,"])(
  "Content-Length %o is no length",
  (value) => {
    expect(bodyOf(`POST / HTTP/1.1\r\nContent-Length: ${value}\r\n\r\n`).problem?.code).toBe("http-bad-content-length");
  },
);

test("only the beginning of a body is kept", () => {
  const prefix = new BodyPrefix(new ByteBudget(1 << 20));
  const body = new HttpBody("until-close");
  const { view, start, end } = placed(new Uint8Array(40_000).fill(0x61), 0);
  body.consume(view, start, start + 10, prefix);
  body.consume(view, start + 10, end, prefix);
  expect([prefix.length, prefix.view.byteLength, prefix.view.getUint8(16_383), body.contentBytes]).toEqual([
    16_384, 16_384, 0x61, 40_000,
  ]);
});

test("the pieces in which a stream comes never change where a body ends or what it holds", () => {
  const chunk = fc.string({ unit: fc.constantFrom("a", "\r", "\n", "0"), minLength: 1, maxLength: 20 });
  const messages = fc.array(chunk, { maxLength: 5 });
  fc.assert(
    fc.property(messages, fc.array(fc.nat(120)), fc.boolean(), (chunks, cuts, isChunked) => {
      const content = chunks.join("");
      const coded = chunks.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join("");
      const wire = isChunked ? `${coded}0\r\n\r\n` : content;
      const body = isChunked ? new HttpBody("chunked") : new HttpBody("length", content.length);
      const result = feed(
        body,
        bytesOf(`${wire}NEXT`),
        cuts.toSorted((a, b) => a - b),
      );
      expect({ ...result, done: body.done }).toEqual({ taken: wire.length, content, done: true });
    }),
  );
});

test("no stream makes a body throw or take more than there is", () => {
  const piece = fc.constantFrom("1", "f", "0", "\r\n", "\n", "\r", ";", "ab", "\xff");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const stream = bytesOf(pieces.join(""));
      const body = new HttpBody("chunked");
      const { taken } = feed(body, stream, [3, 7]);
      expect(taken).toBeLessThanOrEqual(stream.length);
      expect(taken === stream.length || body.done || body.failed).toBe(true);
      expect(body.wireBytes).toBe(taken);
    }),
    { numRuns: 1000 },
  );
});
