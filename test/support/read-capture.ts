/** Reads capture bytes or files to the end and lists what came, for tests. */
import { Readable } from "node:stream";
import { openStream } from "../../src/capture/open.ts";
import { type CaptureRecord, type Prefilter, Step, type TimeBase } from "../../src/capture/record.ts";
import type { RecordSource } from "../../src/capture/source.ts";
import { SourceFacts } from "../../src/capture/source-facts.ts";

/** One record with its bytes copied out. */
export interface ReadRecord {
  frame: number;
  timeNs: number;
  timed: boolean;
  interfaceIndex: number;
  linkType: number;
  wireBytes: number;
  offset: number;
  bytes: number[];
}

/** All that reading one source gave. */
export interface ReadResult {
  base: TimeBase;
  facts: SourceFacts;
  records: ReadRecord[];
}

/** A prefilter that passes every packet. */
export const passAll: Prefilter = () => 1;

/** Copies a record. */
export function copyRecord(record: CaptureRecord): ReadRecord {
  const { frame, timeNs, timed, interfaceIndex, linkType, wireBytes, offset, view, start, end } = record;
  const bytes = [...new Uint8Array(view.buffer, view.byteOffset + start, end - start)];
  return { frame, timeNs, timed, interfaceIndex, linkType, wireBytes, offset, bytes };
}

/** Pulls `source` dry. */
export async function readAll(source: RecordSource, use: (record: CaptureRecord) => void): Promise<void> {
  for (;;) {
    const step = source.next();
    if (step === Step.packet) use(source.record);
    else if (step === Step.done) return;
    else await source.fill();
  }
}

/** Reads a capture that comes in these chunks, through blocks of `blockBytes`. */
export async function readChunks(
  chunks: readonly Uint8Array[],
  blockBytes: number = 1 << 16,
  filter: Prefilter | null = passAll,
): Promise<ReadResult> {
  const base: TimeBase = { seconds: null };
  const stream = Readable.from(chunks, { objectMode: true });
  const options = { base, filterFor: () => filter, blockBytes };
  const source = await openStream(stream, 0, options, new SourceFacts("test"));
  const records: ReadRecord[] = [];
  await readAll(source, (record) => records.push(copyRecord(record)));
  source.close();
  return { base, facts: source.facts, records };
}
