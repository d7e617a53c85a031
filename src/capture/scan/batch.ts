/** Records on their way from a scanning thread to the analysis: their numbers in one array, their captured bytes one after another in another. */
import type { CaptureRecord } from "../record.ts";

/** Numbers of one record, in this order. Its bytes begin where those of the record before end. */
const Column = {
  end: 0,
  wireBytes: 1,
  timeNs: 2,
  timed: 3,
  interfaceIndex: 4,
  linkType: 5,
  frame: 6,
  offset: 7,
} as const;
const COLUMNS = 8;

/** Some records of one source. Its arrays go from thread to thread and back, so that they are made once. */
export interface Batch {
  numbers: Float64Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
  records: number;
}

/** An empty batch with room for so many records and bytes. */
export function newBatch(records: number, bytes: number): Batch {
  return { numbers: new Float64Array(records * COLUMNS), bytes: new Uint8Array(bytes), records: 0 };
}

/** What `postMessage` is to hand over instead of copying. */
export function buffersOf({ numbers, bytes }: Batch): ArrayBuffer[] {
  return [numbers.buffer, bytes.buffer];
}

/** Copies a record in; false when there is no room for it. An empty batch takes a record of any length. */
export function put(batch: Batch, record: CaptureRecord): boolean {
  const { numbers, records } = batch;
  const at = records * COLUMNS;
  if (at === numbers.length) return false;
  const start = records === 0 ? 0 : (numbers[at - COLUMNS + Column.end] ?? 0);
  const end = start + record.end - record.start;
  if (end > batch.bytes.length) {
    if (records > 0) return false;
    batch.bytes = new Uint8Array(end);
  }
  const { view } = record;
  batch.bytes.set(new Uint8Array(view.buffer, view.byteOffset + record.start, end - start), start);
  numbers[at + Column.end] = end;
  numbers[at + Column.wireBytes] = record.wireBytes;
  numbers[at + Column.timeNs] = record.timeNs;
  numbers[at + Column.timed] = record.timed ? 1 : 0;
  numbers[at + Column.interfaceIndex] = record.interfaceIndex;
  numbers[at + Column.linkType] = record.linkType;
  numbers[at + Column.frame] = record.frame;
  numbers[at + Column.offset] = record.offset;
  batch.records += 1;
  return true;
}

/** Lays record `index` out in `record`. `view` is over the batch's bytes. */
export function take(batch: Batch, index: number, view: DataView, record: CaptureRecord): void {
  const { numbers } = batch;
  const at = index * COLUMNS;
  record.view = view;
  record.start = index === 0 ? 0 : (numbers[at - COLUMNS + Column.end] ?? 0);
  record.end = numbers[at + Column.end] ?? 0;
  record.wireBytes = numbers[at + Column.wireBytes] ?? 0;
  record.timeNs = numbers[at + Column.timeNs] ?? 0;
  record.timed = numbers[at + Column.timed] === 1;
  record.interfaceIndex = numbers[at + Column.interfaceIndex] ?? 0;
  record.linkType = numbers[at + Column.linkType] ?? 0;
  record.frame = numbers[at + Column.frame] ?? 0;
  record.offset = numbers[at + Column.offset] ?? 0;
}
