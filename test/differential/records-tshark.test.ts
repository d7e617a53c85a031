/** Frame numbers, times and lengths of captures in many variants, against Wireshark. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { joined, pcapFile, type WrittenPacket } from "../support/pcap-writer.ts";
import { PcapngWriter } from "../support/pcapng-writer.ts";
import { readChunks } from "../support/read-capture.ts";
import { Sharkd } from "../support/sharkd.ts";
import { hasTool } from "../support/tools.ts";

const CAPTURES = join(import.meta.dirname, "../../captures");
/** What Wireshark says of a custom block with eight bytes of data. */
const CUSTOM_BLOCK_FRAME = "\t\t8\t8";
const directory = mkdtempSync(join(tmpdir(), "vipscope-"));
afterAll(() => rmSync(directory, { recursive: true }));

async function framesByWireshark(sharkd: Sharkd, path: string): Promise<string[]> {
  const frames = await sharkd.frames(path, "", ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len"]);
  // Wireshark shows a custom block as a frame of its own, without a time; it is no packet.
  return frames.map((values) => values.join("\t")).filter((line) => !line.endsWith(CUSTOM_BLOCK_FRAME));
}

async function framesByReader(path: string): Promise<string[]> {
  const { base, records } = await readChunks([readFileSync(path)]);
  return records.map(({ frame, timed, timeNs, wireBytes, bytes }) => {
    const seconds = Math.floor(timeNs / 1e9);
    const time = `${(base.seconds ?? 0) + seconds}.${String(timeNs - seconds * 1e9).padStart(9, "0")}`;
    return [frame, timed ? time : "", wireBytes, bytes.length].join("\t");
  });
}

const PACKETS: WrittenPacket[] = [
  { seconds: 1_700_000_000, fraction: 999_999, bytes: new Uint8Array(60) },
  { seconds: 1_699_000_000, fraction: 1, bytes: new Uint8Array(64), wireBytes: 1514 },
];
const little = new PcapngWriter();
const big = new PcapngWriter(true);
const packet = { ticks: 1_700_000_000_123_456n, bytes: new Uint8Array(60), wireBytes: 90 };

/** One packet of each resolution at about the same time. */
function resolutions(writer: PcapngWriter): Uint8Array {
  const octets = [6, 9, 7, 3, 0, 0x80 | 20, 0x80 | 10, 0x80 | 30];
  const perSecond = (octet: number): bigint => (octet & 0x80 ? 2n : 10n) ** BigInt(octet & 0x7f);
  return joined([
    writer.section(),
    ...octets.map((resolution) => writer.interface({ resolution, offsetSeconds: 3n })),
    ...octets.map((octet, interfaceId) =>
      writer.packet({ ...packet, ticks: 1_700_000_000n * perSecond(octet) + perSecond(octet) / 7n, interfaceId }),
    ),
  ]);
}

const VARIANTS: Record<string, Uint8Array> = {
  "pcap-little": pcapFile(PACKETS),
  "pcap-big": pcapFile(PACKETS, { bigEndian: true }),
  "pcap-nanoseconds": pcapFile(PACKETS, { magic: 0xa1b23c4d }),
  "pcap-modified": pcapFile(PACKETS, { magic: 0xa1b2cd34, extraHeaderBytes: 8 }),
  "pcap-2.2": pcapFile(PACKETS, { minor: 2, wireLengthFirst: true }),
  "pcap-2.3": pcapFile(PACKETS, { minor: 3, wireLengthFirst: true }),
  "pcapng-resolutions": resolutions(little),
  "pcapng-two-sections": joined([resolutions(big), resolutions(little)]),
  "pcapng-blocks": joined([
    little.section(999n),
    little.interface({ snapLength: 60 }),
    little.simplePacket(new Uint8Array(60), 77),
    little.block(0xbad, new Uint8Array(12)),
    little.obsoletePacket(packet),
    little.statistics(0, []),
    little.block(0x40000bad, new Uint8Array(12)),
    little.packet(packet),
  ]),
};

describe.runIf(hasTool("sharkd"))("Wireshark reads the same frames", () => {
  let sharkd: Sharkd;
  beforeAll(() => {
    sharkd = new Sharkd();
  });
  afterAll(() => sharkd.close());

  test.each(Object.keys(VARIANTS))("%s", async (name) => {
    const path = join(directory, name);
    writeFileSync(path, VARIANTS[name] ?? new Uint8Array(0));
    expect(await framesByReader(path)).toEqual(await framesByWireshark(sharkd, path));
  });

  const shipped = existsSync(CAPTURES) ? readdirSync(CAPTURES) : [];
  test.each(shipped.filter((name) => /\.pcap(ng)?$/.test(name)))("captures/%s", async (name) => {
    const path = join(CAPTURES, name);
    expect(await framesByReader(path)).toEqual(await framesByWireshark(sharkd, path));
  });
});
