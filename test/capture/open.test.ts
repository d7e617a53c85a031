import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/capture/input-error.ts";
import { openFile } from "../../src/capture/open.ts";
import type { TimeBase } from "../../src/capture/record.ts";
import { joined, pcapFile, type WrittenPacket } from "../support/pcap-writer.ts";
import { copyRecord, passAll, type ReadRecord, readAll, readChunks } from "../support/read-capture.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { hasTool } from "../support/tools.ts";

const scratch = scratchDirectory();

const packets = (count: number): WrittenPacket[] =>
  Array.from({ length: count }, (_, index) => ({
    seconds: 1_700_000_000 + index,
    fraction: index,
    // Xorshift noise, so that compressed sizes are like those of real packets.
    bytes: Uint8Array.from({ length: 100 }, (_byte, place) => ((index + 1) * (place + 7) * 2_654_435_761) >>> 13),
  }));
const FILE = pcapFile(packets(2000));

async function refusal(bytes: Uint8Array | string, name = "some.cap"): Promise<InputError> {
  const path = scratch.write(name, bytes);
  const error: unknown = await openFile(path, 0, { base: { seconds: null }, filterFor: () => passAll }).catch(
    (e: unknown) => e,
  );
  if (error instanceof InputError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

describe("compression", () => {
  test("gzip is found by its magic number and read like the file inside", async () => {
    const plain = await readChunks([FILE]);
    const packed = await readChunks([gzipSync(FILE)]);
    expect(packed.records).toEqual(plain.records);
    expect(packed.facts.compression).toBe("gzip");
    expect(packed.facts.path).toBeNull();
    expect(packed.facts.problems.all).toEqual([]);
  });

  test("several gzip members are one capture", async () => {
    const parts = [FILE.subarray(0, 1000), FILE.subarray(1000)].map((part) => gzipSync(part));
    expect((await readChunks(parts)).records.length).toBe(2000);
  });

  test("gzip that is cut gives what came before and one problem", async () => {
    const packed = gzipSync(FILE);
    const { facts, records } = await readChunks([packed.subarray(0, packed.length >> 1)]);
    expect(records.length).toBeGreaterThan(500);
    expect(facts.problems.all.map(({ code, message }) => [code, message])).toEqual([
      [
        "decompression-failed",
        "The compressed data is damaged or was cut (unexpected end of file); what came out before was read.",
      ],
    ]);
    expect(facts.problems.stopped).toBe(true);
  });

  test("gzip with a wrong checksum gives all but the last piece and one problem", async () => {
    const packed = gzipSync(FILE);
    packed.fill(0xff, packed.length - 8, packed.length - 4);
    const { facts, records } = await readChunks([packed]);
    expect(records.length).toBeGreaterThan(1700);
    expect(facts.problems.all.map(({ code }) => code)).toEqual(["decompression-failed"]);
  });

  test("gzip that is damaged near its beginning gives all before the fault, however it comes", async () => {
    const packed = gzipSync(pcapFile(packets(100)));
    packed.fill(0xff, packed.length - 8, packed.length - 4);
    const whole = await readChunks([packed]);
    const inPieces = await readChunks([...packed].map((byte) => Uint8Array.of(byte)));
    expect(whole.records.length).toBe(100);
    expect(whole.records).toEqual(inPieces.records);
    expect(whole.facts.problems.all).toEqual(inPieces.facts.problems.all);
    expect(whole.facts.problems.all.map(({ code }) => code)).toEqual(["decompression-failed"]);
  });

  test("a gzip bomb ends with a problem", async () => {
    const gigabyte = pcapFile([]);
    const empty = new Uint8Array(1 << 26);
    const parts = [gzipSync(gigabyte), ...new Array<Uint8Array>(9).fill(gzipSync(empty))];
    const { facts } = await readChunks(parts, 1 << 20, () => 0);
    expect(facts.problems.all.map(({ code, message }) => [code, message])).toEqual([
      [
        "decompression-limit",
        "Decompression was ended (it yields more than 100 times its own size); if the file is genuine, decompress it first.",
      ],
    ]);
    expect(facts.packets).toBeGreaterThan(10_000_000);
  });

  test("compressed bytes that come one at a time are read the same", async () => {
    const small = pcapFile(packets(20));
    const bytes = [...gzipSync(small)].map((byte) => Uint8Array.of(byte));
    expect((await readChunks(bytes, 64)).records).toEqual((await readChunks([small])).records);
  });

  test("a compressed file that is compressed again is refused", async () => {
    const error = await refusal(gzipSync(gzipSync(FILE)), "twice.gz");
    expect(error.message).toContain("compressed twice");
  });
});

describe.runIf(hasTool("zstd"))("zstd", () => {
  const zstd = (input: Uint8Array, ...args: string[]): Uint8Array =>
    execFileSync("zstd", ["-q", "-c", ...args], { input, maxBuffer: 1 << 30 });

  test.each([["-1"], ["-3"], ["-19"], ["--no-check"], ["--format=zstd"]])(
    "%s is read like the file inside",
    async (level) => {
      const packed = zstd(FILE, level);
      const plain = await readChunks([FILE]);
      const { facts, records } = await readChunks([packed]);
      expect(records).toEqual(plain.records);
      expect(facts.compression).toBe("zstd");
      expect(facts.problems.all).toEqual([]);
    },
  );

  test("several frames, skippable ones among them, are one capture, however they are split", async () => {
    const skippable = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
    const small = pcapFile(packets(50));
    const packed = joined([skippable, zstd(small.subarray(0, 99)), skippable, zstd(small.subarray(99))]);
    const bytes = [...packed].map((byte) => Uint8Array.of(byte));
    expect((await readChunks(bytes, 64)).records).toEqual((await readChunks([small])).records);
  });

  test("zstd that is cut gives what came before and one problem", async () => {
    const big = pcapFile(packets(5000));
    const packed = zstd(big);
    const { facts, records } = await readChunks([packed.subarray(0, packed.length - 1000)]);
    expect(records.length).toBeGreaterThan(1000);
    expect(facts.problems.all.map(({ code }) => code)).toEqual(["decompression-failed"]);
  });

  test("a zstd bomb ends with a problem", async () => {
    const bomb = zstd(new Uint8Array(1 << 28));
    const { facts } = await readChunks([zstd(pcapFile([])), bomb, bomb, bomb], 1 << 20, () => 0);
    expect(facts.problems.all.map(({ code }) => code)).toEqual(["decompression-limit"]);
  });

  test("a frame that asks for more history than is given ends with a problem", async () => {
    const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x01, 0x00, 0x00);
    const { facts } = await readChunks([zstd(FILE), frame]);
    expect(facts.problems.all.map(({ code }) => code)).toEqual(["decompression-limit"]);
  });
});

describe("refusals", () => {
  test("a missing file is named", async () => {
    const error: unknown = await openFile("no/such.pcap", 0, {
      base: { seconds: null },
      filterFor: () => passAll,
    }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "not-found", message: "no/such.pcap: no such file" });
  });

  test("an empty file is named", async () => {
    expect(await refusal("", "nothing.pcap")).toMatchObject({
      code: "empty-input",
      message: `${scratch.path}/nothing.pcap is empty`,
    });
  });

  test("a pcap of another version is named", async () => {
    expect((await refusal(pcapFile([], { major: 1 }))).message).toContain("is pcap version 1.4, which cannot be read");
  });

  test.each<[string, Uint8Array | string, string | null]>([
    ["a Microsoft Network Monitor 2 capture", "GMBU\x00\x02\x01\x00", "editcap -F pcapng"],
    ["a Microsoft Network Monitor 1 capture", "RTSS\x00\x01", "editcap -F pcapng"],
    ["a Windows event trace (ETL)", joined([new Uint8Array(0x48), Uint8Array.of(2, 0, 2, 0xc0, 0, 0)]), "etl2pcapng"],
    ["a snoop capture", "snoop\0\0\0\0\0\0\x02", "editcap -F pcapng"],
    ["a Sniffer (DOS) capture", "TRSNIFF data    \x1a", "editcap -F pcapng"],
    ["a NetXRay or Sniffer (Windows) capture", "XCP\x00002.001", "editcap -F pcapng"],
    ["a Visual Networks capture", "\x05VNF", "editcap -F pcapng"],
    ["an AIX iptrace capture", "iptrace 2.0", "editcap -F pcapng"],
    ["a Bluetooth capture (btsnoop), which has no IP traffic", "btsnoop\0\0\0\0\x01", null],
    ["an HP-UX nettl trace", "TR\x00d\x00", "editcap -F pcapng"],
    ["the text that tcpdump prints", "12:34:56.123456 IP 10.0.0.4.40000 > 168.63.129.16.80: Flags [S]\n", "tcpdump -w"],
    ["a hex dump", "0000  00 0d 3a 01 02 03 12 34\n0008  56 78\n", "text2pcap"],
    ["a web page, perhaps a failed download", "<!DOCTYPE html><html>", null],
    ["XML text", '<?xml version="1.0"?><pdml>', "capture that it was made from"],
    ["JSON text", '[{"_index": 1}]', "capture that it was made from"],
    ["a ZIP archive", "PK\x03\x04\x14\x00", "unzip"],
    ["compressed with bzip2", "BZh91AY&SY", "bzip2 -d"],
    ["compressed with xz", Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), "xz -d"],
    ["a tar archive", joined([new Uint8Array(257), new TextEncoder().encode("ustar\x0000")]), "tar xf"],
    ["a PDF document", "%PDF-1.7", null],
    ["a program", "\x7fELF\x02\x01", null],
    ["text", "just some notes\n", "tcpdump -w"],
  ])("%s is recognised", async (what, bytes, hint) => {
    const error = await refusal(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    expect(error.code).toBe("foreign-format");
    expect(error.message).toBe(`${scratch.path}/some.cap is ${what}, not a pcap or pcapng capture`);
    if (hint === null) expect(error.hint).toBeNull();
    else expect(error.hint).toContain(hint);
  });

  test("an ERF capture is recognised by records that make sense", async () => {
    const record = new Uint8Array(32);
    const view = new DataView(record.buffer);
    view.setUint32(4, 1_700_000_000, true);
    view.setUint8(8, 2);
    view.setUint16(10, 32);
    view.setUint16(14, 14);
    expect((await refusal(joined([record, record]))).message).toContain("an Endace ERF capture");
  });

  test("a tar archive in gzip names the command that unpacks both", async () => {
    const tar = joined([new Uint8Array(257), new TextEncoder().encode("ustar\x0000"), new Uint8Array(500)]);
    expect(await refusal(gzipSync(tar), "logs.tgz")).toMatchObject({
      message: `${scratch.path}/logs.tgz is a tar archive inside gzip, not a pcap or pcapng capture`,
      hint: `Unpack it first: tar xzf ${scratch.path}/logs.tgz`,
    });
  });

  test("a name with spaces is quoted in the command", async () => {
    expect((await refusal("GMBU", "my capture.cap")).hint).toContain(`'${scratch.path}/my capture.cap'`);
  });

  test("random bytes are refused without a guess", async () => {
    const error = await refusal(Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0, 1, 2, 3));
    expect(error.message).toBe(`${scratch.path}/some.cap is not a pcap or pcapng capture`);
  });
});

test("a plain file can be read again by offset, and its records are those of the stream", async () => {
  const path = scratch.write("plain.pcap", FILE);
  const base: TimeBase = { seconds: null };
  const source = await openFile(path, 3, { base, filterFor: () => passAll, blockBytes: 512 });
  const records: ReadRecord[] = [];
  await readAll(source, (record) => records.push(copyRecord(record)));
  source.close();
  expect(records).toEqual((await readChunks([FILE])).records);
  expect([source.facts.path, source.sourceIndex]).toEqual([path, 3]);
});
