import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HttpRedaction } from "../../src/extract/http-redaction.ts";

const HEAD =
  "PUT /status?sv=1&sig=SECRETSIG&b=2 HTTP/1.1\r\nHost: 168.63.129.16\r\nx-ms-key: SECRETKEY\r\nContent-Length: 10\r\n\r\n";
const BODY = "SECRETBODY";

/** Sends the text in segments that end at `cuts`, and gives what is left of it. */
function redacted(text: string, cuts: readonly number[]): string {
  const connection = new HttpRedaction();
  const bytes = Buffer.from(text, "latin1");
  const ends = [...new Set(cuts)].sort((a, b) => a - b).filter((cut) => cut > 0 && cut < bytes.length);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    connection.segment(true, 1000 + start, bytes, start, end);
    start = end;
  }
  return bytes.toString("latin1");
}

test("a request keeps its framing and loses what may be secret", () => {
  expect(redacted(HEAD + BODY, [])).toBe(
    "PUT /status?sv=1&xxxxxxxxxxxxx&b=2 HTTP/1.1\r\nHost: 168.63.129.16\r\nx-ms-key: xxxxxxxxx\r\nContent-Length: 10\r\n\r\nxxxxxxxxxx",
  );
});

test("wherever segments end, no secret is left and no length changes", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(HEAD.length + 2 * BODY.length)), (cuts) => {
      const text = `${HEAD}${BODY}${HEAD}${BODY}`;
      const left = redacted(text, cuts);
      expect(left).toHaveLength(text.length);
      for (const secret of ["SECRETSIG", "SECRETKEY", "SECRETBODY"]) expect(left).not.toContain(secret);
    }),
  );
});

test("a retransmission is redacted as the first copy was", () => {
  const connection = new HttpRedaction();
  const text = HEAD + BODY;
  const copies = [0, 1].map(() => Buffer.from(text, "latin1"));
  for (const copy of copies) connection.segment(true, 5, copy, 0, copy.length);
  expect(copies[1]?.toString("latin1")).toBe(copies[0]?.toString("latin1"));
});

test("chunk framing stays, chunks go", () => {
  const text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHELLO\r\n0\r\n\r\n";
  const connection = new HttpRedaction();
  const bytes = Buffer.from(text, "latin1");
  connection.segment(false, 0, bytes, 0, bytes.length);
  expect(bytes.toString("latin1")).toBe("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nxxxxx\r\n0\r\n\r\n");
});

test("a compressed body goes whole, so that nothing can be unpacked from it", () => {
  const body = gzipSync("SECRETBODY".repeat(100)).toString("latin1");
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
  const connection = new HttpRedaction();
  const bytes = Buffer.from(head + body, "latin1");
  connection.segment(false, 0, bytes, 0, bytes.length);
  expect(bytes.toString("latin1").slice(-body.length)).toBe("x".repeat(body.length));
});

test("what is no HTTP is overwritten whole", () => {
  const bytes = Buffer.from("BINARY SECRET", "latin1");
  new HttpRedaction().segment(true, 0, bytes, 0, bytes.length);
  expect(bytes.toString("latin1")).toBe("xxxxxxxxxxxxx");
});
