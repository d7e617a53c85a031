import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finishChecksum, pseudoHeaderSum, sumWords } from "../../src/bytes/checksum.ts";

/** A pcap file (LINKTYPE_RAW) with one IPv4 UDP packet for each payload. */
export function udpCapture(payloads: readonly Uint8Array[], sourcePort: number, destinationPort: number): Uint8Array {
  const fileHeader = new DataView(new ArrayBuffer(24));
  fileHeader.setUint32(0, 0xa1b2c3d4);
  fileHeader.setUint16(4, 2);
  fileHeader.setUint16(6, 4);
  fileHeader.setUint32(16, 262144);
  fileHeader.setUint32(20, 101);
  const records = payloads.map((payload) => {
    const bytes = new Uint8Array(16 + 28 + payload.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 1_700_000_000);
    view.setUint32(8, 28 + payload.length);
    view.setUint32(12, 28 + payload.length);
    view.setUint16(16, 0x4500);
    view.setUint16(18, 28 + payload.length);
    view.setUint16(24, 0x4011);
    view.setUint32(28, 0xa83f8110);
    view.setUint32(32, 0x0a000004);
    view.setUint16(26, finishChecksum(sumWords(view, 16, 36)));
    view.setUint16(36, sourcePort);
    view.setUint16(38, destinationPort);
    view.setUint16(40, 8 + payload.length);
    bytes.set(payload, 44);
    const pseudo = pseudoHeaderSum(0xa83f8110, 0x0a000004, 17, 8 + payload.length);
    view.setUint16(42, finishChecksum(sumWords(view, 36, bytes.length, pseudo)) || 0xffff);
    return bytes;
  });
  return Uint8Array.from(Buffer.concat([new Uint8Array(fileHeader.buffer), ...records]));
}

/** What tshark says of a capture: one row a packet, one list of values a field. */
export function tsharkFields(
  capture: Uint8Array,
  fields: readonly string[],
  options: readonly string[] = [],
): string[][][] {
  const folder = mkdtempSync(join(tmpdir(), "vipscope-"));
  try {
    const file = join(folder, "oracle.pcap");
    writeFileSync(file, capture);
    const wanted = fields.flatMap((field) => ["-e", field]);
    const form = ["-T", "fields", "-E", "separator=/t", "-E", "aggregator=\u001f"];
    const output = execFileSync("tshark", ["-n", "-r", file, ...options, ...form, ...wanted], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const lines = output.split("\n").slice(0, -1);
    return lines.map((line) => line.split("\t").map((field) => (field === "" ? [] : field.split("\u001f"))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
