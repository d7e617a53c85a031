/** What lies around the bytes at hand, and what becomes of them afterwards, never changes what is read. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { BlockBuffer } from "../../src/capture/block-buffer.ts";
import { PcapReader, pcapLayout } from "../../src/capture/pcap.ts";
import { PcapngReader } from "../../src/capture/pcapng.ts";
import { isPcapng } from "../../src/capture/pcapng-blocks.ts";
import type { Reader, ReaderContext } from "../../src/capture/reader.ts";
import { Step } from "../../src/capture/record.ts";
import { SourceFacts } from "../../src/capture/source-facts.ts";
import { joined, pcapFile } from "../support/pcap-writer.ts";
import { PcapngWriter } from "../support/pcapng-writer.ts";
import { copyRecord, passAll, type ReadRecord } from "../support/read-capture.ts";

const little = new PcapngWriter();

function readerOf(context: ReaderContext): Reader {
  const { view, start } = context.buffer;
  const layout = pcapLayout(view, start);
  if (layout !== null) return new PcapReader(context, layout);
  expect(isPcapng(view, start)).toBe(true);
  return new PcapngReader(context);
}

/** Reads `bytes` through a block whose other bytes are all `around`, in pieces of `pieceBytes`; every byte that was used is overwritten. */
function readAmong(
  bytes: Uint8Array,
  around: number,
  pieceBytes: number,
): { records: ReadRecord[]; facts: SourceFacts } {
  const buffer = new BlockBuffer(1024);
  buffer.bytes.fill(around);
  const facts = new SourceFacts("test");
  let given = Math.min(bytes.length, Math.max(pieceBytes, 4));
  buffer.append(bytes.subarray(0, given));
  const reader = readerOf({ buffer, facts, base: { seconds: null }, filterFor: () => passAll });
  const records: ReadRecord[] = [];
  for (;;) {
    const step = reader.next();
    buffer.bytes.fill(around, buffer.end);
    if (step === Step.packet) records.push(copyRecord(reader.record));
    if (step === Step.packet) buffer.bytes.fill(around, 0, buffer.start);
    if (step === Step.done) return { records, facts };
    if (step !== Step.needBytes) continue;
    buffer.ended = given === bytes.length;
    given += buffer.append(bytes.subarray(given, given + pieceBytes));
    buffer.bytes.fill(around, buffer.end);
  }
}

const packet = fc.uint8Array({ maxLength: 50 });
const captures = fc
  .array(packet, { maxLength: 6 })
  .chain((packets) =>
    fc.constantFrom(
      pcapFile(packets.map((bytes, index) => ({ seconds: index, fraction: 0, bytes }))),
      joined([
        little.section(),
        little.interface({ name: "eth0" }),
        ...packets.flatMap((bytes, index) => [
          little.packet({ ticks: BigInt(index), bytes }),
          little.simplePacket(bytes),
        ]),
        little.statistics(0, [{ code: 5, value: little.u64(3n) }]),
      ]),
    ),
  );

test("bytes behind those at hand, and bytes already used, never change the result", () => {
  fc.assert(
    fc.property(captures, fc.integer({ min: 1, max: 200 }), (file, pieceBytes) => {
      const zeros = readAmong(file, 0x00, pieceBytes);
      expect(readAmong(file, 0xff, pieceBytes)).toEqual(zeros);
      expect(readAmong(file, 0x06, 1000)).toEqual(zeros);
    }),
  );
});

test("a capture cut anywhere gives the records that are whole, and a problem unless it is cut between records", () => {
  fc.assert(
    fc.property(captures, fc.nat(), (file, place) => {
      const cut = 4 + (place % (file.length - 3));
      const whole = readAmong(file, 0xff, 4096);
      const part = readAmong(file.subarray(0, cut), 0xff, 4096);
      expect(part.records).toEqual(whole.records.slice(0, part.records.length));
      const codes = part.facts.problems.all.map(({ code }) => code);
      expect(["", "cut-header", "cut-record"]).toContain(codes.join());
    }),
  );
});

test("random bytes behind a good header never make a reader throw or go on for ever", () => {
  const heads = fc.constantFrom(pcapFile([]), joined([little.section(), little.interface()]));
  fc.assert(
    fc.property(
      heads,
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 100 }),
      (head, noise, pieceBytes) => {
        const { records, facts } = readAmong(joined([head, noise]), 0xff, pieceBytes);
        expect(records.length).toBeLessThanOrEqual(facts.packets);
      },
    ),
  );
});
