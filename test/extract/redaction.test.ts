import { expect, test } from "vitest";
import { decodePacket } from "../../src/decode/decode-packet.ts";
import { LinkType } from "../../src/decode/link-type.ts";
import { Packet } from "../../src/decode/packet.ts";
import { Redaction } from "../../src/extract/redaction.ts";
import { ethernet, ipv4, tcp } from "../support/packet-bytes.ts";

const TCP_HEADERS = 54;

/** What is left of a segment to the platform. */
function redacted(redaction: Redaction, flow: number, sequence: number, payload: Uint8Array): string {
  const bytes = ethernet(ipv4(tcp(payload, { flags: 0x18, sequence }), { protocol: 6 }));
  const packet = new Packet();
  decodePacket(LinkType.ethernet, new DataView(bytes.buffer), 0, bytes.length, bytes.length, packet);
  redaction.redact(bytes, packet, flow, "wireserver", true);
  return Buffer.from(bytes.subarray(TCP_HEADERS)).toString("latin1");
}

test("beyond its bytes the oldest connection is forgotten, and what follows on it is overwritten whole", () => {
  const head = Buffer.from("GET / HTTP/1.1\r\nHost: 168.63.129.16\r\nAcc");
  const rest = Buffer.from("ept: text/html\r\n\r\n");
  const body = new Uint8Array(60_000);
  const redaction = new Redaction();
  redacted(redaction, 0, 1, head);
  redacted(redaction, 1, 1, head);
  expect(redacted(redaction, 1, 1 + head.length, rest)).toContain("text/html");
  for (let flow = 2; flow < 1_200; flow++) redacted(redaction, flow, 1, body);
  expect(redacted(redaction, 0, 1 + head.length, rest)).toBe("x".repeat(rest.length));
});
