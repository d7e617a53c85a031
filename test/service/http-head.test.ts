import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  HEAD_INCOMPLETE,
  HEAD_NOT_HTTP,
  HttpHead,
  MethodKind,
  plausibleStart,
  Secret,
  scanHead,
} from "../../src/service/http-head.ts";

const POLL =
  "GET /machine/?comp=goalstate HTTP/1.1\r\nHost: 168.63.129.16\r\nx-ms-agent-name: WALinuxAgent\r\n" +
  "x-ms-version: 2012-11-30\r\nUser-Agent: WALinuxAgent/2.9.1\r\nConnection: close\r\n\r\n";

interface Scan {
  end: number;
  head: HttpHead;
  text: (start: number, end: number) => string | null;
}

/** Scans text that stands in a block of `fill` bytes. */
function scan(text: string, fill = 0): Scan {
  const bytes = new TextEncoder().encode(text);
  const block = new Uint8Array(bytes.length + 64).fill(fill);
  block.set(bytes, 32);
  const head = new HttpHead();
  const end = scanHead(new DataView(block.buffer), 32, 32 + bytes.length, head);
  return {
    end: end < 0 ? end : end - 32,
    head,
    text: (from, to) => (from < 0 ? null : new TextDecoder().decode(block.subarray(from, to))),
  };
}

describe("the head of a message", () => {
  test("of a request has its method, target, host and agents", () => {
    const { end, head, text } = scan(POLL);
    expect(end).toBe(POLL.length);
    expect(head.request).toBe(true);
    expect(text(head.methodStart, head.methodEnd)).toBe("GET");
    expect(text(head.targetStart, head.targetEnd)).toBe("/machine/?comp=goalstate");
    expect(text(head.hostStart, head.hostEnd)).toBe("168.63.129.16");
    expect(text(head.userAgentStart, head.userAgentEnd)).toBe("WALinuxAgent/2.9.1");
    expect(text(head.agentStart, head.agentEnd)).toBe("WALinuxAgent");
    expect(head.contentLength).toBe(-1);
  });

  test("of a response has its status and length", () => {
    const { end, head } = scan("HTTP/1.1 200 OK\r\nContent-Length:  42 \r\n\r\nbody");
    expect(end).toBe(41);
    expect(head.request).toBe(false);
    expect(head.status).toBe(200);
    expect(head.contentLength).toBe(42);
  });

  test("may end its lines with LF alone, and may come after an empty line", () => {
    const { end, head } = scan("\r\nHEAD / HTTP/1.0\nHost: a\n\nx");
    expect(end).toBe(27);
    expect(head.methodKind).toBe(MethodKind.head);
  });

  test("ends in two lengths that differ: no length can be told", () => {
    expect(scan("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n").head.contentLength).toBe(-2);
    expect(scan("HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\n").head.contentLength).toBe(4);
    expect(scan("HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n").head.contentLength).toBe(-2);
  });

  test("is chunked only when that coding comes last", () => {
    expect(scan("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n").head.chunked).toBe(true);
    expect(scan("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n").head.otherCoding).toBe(true);
  });

  test("shows which secrets its fields hold", () => {
    const fields =
      "x-ms-artifact-location: https://a.blob.core.windows.net/b?sv=1&SIG=aB0%2F=\r\nx-ms-guest-agent-public-x509-cert: MII\r\n" +
      "x-ms-azure-host-authorization: Azure-HMAC-SHA256 00\r\n";
    expect(scan(`GET / HTTP/1.1\r\n${fields}\r\n`).head.secrets).toBe(
      Secret.sasSignature | Secret.certificate | Secret.keyHeader,
    );
    expect(scan(POLL).head.secrets).toBe(0);
  });

  test("is told from bytes that are no HTTP", () => {
    expect(scan("\u0016\u0003\u0001").end).toBe(HEAD_NOT_HTTP);
    expect(scan("SSH-2.0-OpenSSH_9.6\r\n\r\n").end).toBe(HEAD_NOT_HTTP);
    expect(scan("HTTP/2 200\r\n\r\n").end).toBe(HEAD_NOT_HTTP);
    expect(scan("<html>").end).toBe(HEAD_NOT_HTTP);
  });

  test("cut at any byte is incomplete, never something else", () => {
    for (let length = 0; length < POLL.length; length++) expect(scan(POLL.slice(0, length)).end).toBe(HEAD_INCOMPLETE);
  });

  test("cut after the request line still has its method and target", () => {
    const { head, text } = scan("PUT /status HTT");
    expect(text(head.methodStart, head.methodEnd)).toBe("PUT");
    expect(text(head.targetStart, head.targetEnd)).toBe("/status");
  });

  test("is not changed by what lies around it", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("G", "E", "T", " ", "/", "\r", "\n", ":", "x", "HTTP/1.1", "200") }),
        (text) => {
          const zeros = scan(text, 0x00);
          const ones = scan(text, 0xff);
          expect([zeros.end, zeros.head]).toEqual([ones.end, ones.head]);
        },
      ),
    );
  });
});

test("a message starts with a method and a target, or with a version and a status", () => {
  const start = (text: string) => plausibleStart(new DataView(new TextEncoder().encode(text).buffer), 0, text.length);
  expect(start("GET /a")).toBe(1);
  expect(start("HEAD /a")).toBe(1);
  expect(start("H")).toBe(0);
  expect(start("HT")).toBe(0);
  expect(start("HTTP/1.1 304 ")).toBe(2);
  expect(start("HTTP/1.1 0x4 ")).toBe(-1);
  expect(start("GET")).toBe(0);
  expect(start("A /")).toBe(-1);
  expect(start("get /a")).toBe(-1);
});
