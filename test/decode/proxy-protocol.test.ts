import { expect, test } from "vitest";
import { decodeProxyHeader } from "../../src/decode/proxy-protocol.ts";
import { placed } from "../support/examples.ts";

const decode = (text: string) => {
  const { view, start, end } = placed(Uint8Array.from(Buffer.from(text, "latin1")), 0x0a);
  const header = decodeProxyHeader(view, start, end);
  return header && { ...header, end: header.end - start };
};
const SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

test("a line names both ends of the connection", () => {
  expect(decode("PROXY TCP6 2001:db8::1 fe80::2 1 65535\r\n")).toMatchObject({
    verdict: "whole",
    version: 1,
    source: { address: "2001:db8::1", port: 1 },
    destination: { address: "fe80::2", port: 65535 },
    end: 40,
  });
  expect(decode("PROXY UNKNOWN whatever\r\nGET")).toMatchObject({ verdict: "whole", source: null, end: 24 });
});

test("a binary header names IPv6 ends, and what follows the addresses is passed", () => {
  const addresses = `${"\0".repeat(15)}\x01${"\0".repeat(15)}\x02\0\x50\x01\xbb`;
  expect(decode(`${SIGNATURE}\x21\x21\0\x26${addresses}\xff\xff`)).toMatchObject({
    verdict: "whole",
    version: 2,
    source: { address: "::1", port: 80 },
    destination: { address: "::2", port: 443 },
    end: 54,
  });
});

test("a header whose rest is not there is cut", () => {
  expect(decode("PROXY TCP4 1.2")).toMatchObject({ verdict: "cut", problem: { code: "proxy-cut", limit: "stream" } });
  expect(decode(SIGNATURE)).toMatchObject({ verdict: "cut", problem: { neededBytes: 16, availableBytes: 12 } });
  expect(decode(`${SIGNATURE}\x21\x11\0\x0c1234`)).toMatchObject({ verdict: "cut", problem: { neededBytes: 28 } });
});

test.each([
  ["too long a line", `PROXY ${"x".repeat(101)}`],
  ["an address of the other family", "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n"],
  ["a port that is no port", "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n"],
  ["a word too many", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n"],
  ["another version", `${SIGNATURE}\x31\x11\0\0`],
  ["another command", `${SIGNATURE}\x22\x11\0\0`],
  ["too few bytes for its addresses", `${SIGNATURE}\x21\x11\0\x0b${"x".repeat(11)}`],
])("%s is malformed", (_, text) => {
  expect(decode(text)).toMatchObject({ verdict: "malformed", problem: { code: "proxy-bad-header" } });
});

test("other bytes are no PROXY header", () => {
  expect(decode("GET / HTTP/1.1\r\n")).toBeNull();
  expect(decode("PROXY")).toBeNull();
});
