/**
 * pcap, https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html: a 24-byte header (magic 0-3, version 4-7, time
 * zone 8-11, accuracy 12-15, snap length 16-19, link type 20-23), then records of a 16-byte header (seconds 0-3, fraction 4-7,
 * captured length 8-11, wire length 12-15) and the captured bytes. Variants differ in byte order, fraction and header lengths.
 */
import { MAX_PACKET_BYTES, MAX_RECORD_BYTES } from "../limits.ts";
import { filterOrProblem, type Reader, type ReaderContext } from "./reader.ts";
import { CaptureRecord, type Prefilter, Step } from "./record.ts";
import { CLOCK_AHEAD_NS, CLOCK_BACKWARDS_NS, type InterfaceFacts } from "./source-facts.ts";

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/** What the magic number says of the file. */
export interface PcapLayout {
  littleEndian: boolean;
  /** Nanoseconds in one unit of the fraction: 1000 or 1. */
  unitNs: number;
  fileHeaderBytes: number;
  /** 24 in the format of Kuznetzov's patch: interface index, protocol and packet type follow the usual 16. */
  recordHeaderBytes: number;
}

/** Magic numbers as a big-endian reader sees them; the swapped ones are looked up after swapping. */
const MAGICS: readonly (readonly [number, Omit<PcapLayout, "littleEndian">])[] = [
  [0xa1b2c3d4, { unitNs: 1000, fileHeaderBytes: FILE_HEADER_BYTES, recordHeaderBytes: RECORD_HEADER_BYTES }],
  [0xa1b23c4d, { unitNs: 1, fileHeaderBytes: FILE_HEADER_BYTES, recordHeaderBytes: RECORD_HEADER_BYTES }],
  [0xa1b2cd34, { unitNs: 1000, fileHeaderBytes: FILE_HEADER_BYTES, recordHeaderBytes: 24 }],
  // Ixia's hardware and software captures: the file header has four bytes more, the length of all records.
  [0x1c0001ac, { unitNs: 1, fileHeaderBytes: 28, recordHeaderBytes: RECORD_HEADER_BYTES }],
  [0x1c0001ab, { unitNs: 1000, fileHeaderBytes: 28, recordHeaderBytes: RECORD_HEADER_BYTES }],
];

/** Null when the four bytes at `start` are no pcap magic number. */
export function pcapLayout(view: DataView, start: number): PcapLayout | null {
  const big = view.getUint32(start);
  const little = view.getUint32(start, true);
  for (const [magic, layout] of MAGICS) {
    if (big === magic) return { ...layout, littleEndian: false };
    if (little === magic) return { ...layout, littleEndian: true };
  }
  return null;
}

/** The version that stands behind the magic number at `start`, and whether its records can be read (2.0 to 2.4, and DG/UX's 543.0). */
export function pcapVersion(view: DataView, start: number, littleEndian: boolean): { text: string; readable: boolean } {
  const major = view.getUint16(start + 4, littleEndian);
  const minor = view.getUint16(start + 6, littleEndian);
  return { text: `${major}.${minor}`, readable: (major === 2 && minor <= 4) || (major === 543 && minor === 0) };
}

/** Which of a record's two lengths comes first. Before version 2.3 it was the wire length; in 2.3 files it may be either. */
const LengthOrder = { capturedFirst: 0, wireFirst: 1, unsure: 2 } as const;
type LengthOrder = (typeof LengthOrder)[keyof typeof LengthOrder];

/** Reads one pcap stream. */
export class PcapReader implements Reader {
  readonly record: CaptureRecord = new CaptureRecord();
  readonly #context: ReaderContext;
  readonly #layout: PcapLayout;
  #opened = false;
  #done = false;
  #order: LengthOrder = LengthOrder.capturedFirst;
  #maxCaptured = MAX_PACKET_BYTES;
  #filter: Prefilter = () => 0;
  #interface: InterfaceFacts = {
    index: 0,
    name: null,
    linkType: 0,
    snapLength: null,
    packets: 0,
    droppedPackets: null,
    primaryNic: null,
    mac: null,
    addresses: [],
  };
  #previousNs = Number.NaN;

  constructor(context: ReaderContext, layout: PcapLayout) {
    this.#context = context;
    this.#layout = layout;
    context.facts.format = "pcap";
    context.facts.timestampResolution = layout.unitNs === 1 ? "ns" : "us";
    context.facts.fractionDigits = layout.unitNs === 1 ? 9 : 6;
  }

  next(): Step {
    if (this.#done) return Step.done;
    if (!this.#opened && !this.#readFileHeader()) return this.#wantMore("cut-header", this.#layout.fileHeaderBytes);
    return this.#scan();
  }

  #readFileHeader(): boolean {
    const { buffer, facts } = this.#context;
    const { fileHeaderBytes, littleEndian } = this.#layout;
    if (buffer.available < fileHeaderBytes) return false;
    const { view, start } = buffer;
    const major = view.getUint16(start + 4, littleEndian);
    const minor = view.getUint16(start + 6, littleEndian);
    if (major === 543 || minor < 3) this.#order = LengthOrder.wireFirst;
    else if (minor === 3) this.#order = LengthOrder.unsure;
    const snapLength = view.getUint32(start + 16, littleEndian);
    // The upper bits say how long a frame check sequence is, as in libpcap.
    const linkType = view.getUint32(start + 20, littleEndian) & 0x03ffffff;
    this.#interface.linkType = linkType;
    this.#interface.snapLength = snapLength === 0 || snapLength > 0x7fffffff ? null : snapLength;
    facts.interfaces.push(this.#interface);
    this.#maxCaptured = maxPacketBytes(linkType);
    this.#filter = filterOrProblem(this.#context, linkType);
    buffer.start = start + fileHeaderBytes;
    this.#opened = true;
    return true;
  }

  /** The hot loop: every record passes here, and one that its filter does not pass costs nothing but numbers. */
  #scan(): Step {
    const { buffer, facts, base } = this.#context;
    const { littleEndian, unitNs, recordHeaderBytes } = this.#layout;
    const { view, end } = buffer;
    const filter = this.#filter;
    const maxCaptured = this.#maxCaptured;
    const order = this.#order;
    const record = this.record;
    const firstFrame = facts.packets;
    let position = buffer.start;
    if (base.seconds === null && end - position >= recordHeaderBytes)
      base.seconds = view.getUint32(position, littleEndian);
    const baseSeconds = base.seconds ?? 0;
    let packets = firstFrame;
    let truncated = 0;
    let previousNs = this.#previousNs;
    let earliestNs = facts.earliestNs ?? Number.POSITIVE_INFINITY;
    let latestNs = facts.latestNs ?? Number.NEGATIVE_INFINITY;
    let step: Step = Step.needBytes;
    let needed = recordHeaderBytes;
    while (end - position >= recordHeaderBytes) {
      let captured = view.getUint32(position + 8, littleEndian);
      let wire = view.getUint32(position + 12, littleEndian);
      if (captured !== wire && order !== LengthOrder.capturedFirst) {
        if (order === LengthOrder.wireFirst || captured > wire) [captured, wire] = [wire, captured];
      }
      if (captured > maxCaptured) {
        step = Step.done;
        needed = captured;
        break;
      }
      const packetStart = position + recordHeaderBytes;
      const packetEnd = packetStart + captured;
      if (packetEnd > end) {
        needed = packetEnd - position;
        break;
      }
      const timeNs =
        (view.getUint32(position, littleEndian) - baseSeconds) * 1e9 +
        view.getUint32(position + 4, littleEndian) * unitNs;
      packets += 1;
      if (packets === 1) facts.firstNs = timeNs;
      if (captured !== wire) {
        if (captured < wire) truncated += 1;
        else facts.problems.add("captured-beyond-wire", "", buffer.origin + position);
      }
      if (timeNs < earliestNs) earliestNs = timeNs;
      if (timeNs > latestNs) latestNs = timeNs;
      if (timeNs < previousNs - CLOCK_BACKWARDS_NS || timeNs > previousNs + CLOCK_AHEAD_NS) {
        facts.noteClockJump(packets, previousNs, timeNs);
      }
      previousNs = timeNs;
      position = packetEnd;
      if (filter(view, packetStart, packetEnd) !== 0) {
        record.view = view;
        record.start = packetStart;
        record.end = packetEnd;
        record.wireBytes = Math.max(wire, captured);
        record.timeNs = timeNs;
        record.linkType = this.#interface.linkType;
        record.frame = packets;
        record.offset = buffer.origin + packetStart;
        step = Step.packet;
        break;
      }
    }
    buffer.start = position;
    if (packets !== firstFrame) {
      facts.packets = packets;
      facts.truncatedPackets += truncated;
      facts.earliestNs = earliestNs;
      facts.latestNs = latestNs;
      this.#interface.packets = packets;
      this.#previousNs = previousNs;
    }
    if (step === Step.packet) return step;
    if (step === Step.needBytes) return this.#wantMore("cut-record", needed);
    facts.problems.add("bad-record-length", `${needed} bytes, at most ${maxCaptured} can be`, buffer.offset);
    this.#done = true;
    return Step.done;
  }

  /** Asks for more, or ends when there is no more: cleanly between records, with a problem within one. */
  #wantMore(code: "cut-header" | "cut-record", needed: number): Step {
    const { buffer, facts } = this.#context;
    buffer.needed = needed;
    if (!buffer.ended) return Step.needBytes;
    const left = buffer.available;
    if ((left > 0 || code === "cut-header") && !buffer.failed) {
      facts.problems.add(buffer.growing ? "still-being-written" : code, `${left} of ${needed} bytes`, buffer.offset);
    }
    buffer.start = buffer.end;
    this.#done = true;
    return Step.done;
  }
}

/** libpcap's bounds: some link types carry whole messages or transfers instead of frames. */
function maxPacketBytes(linkType: number): number {
  const dbus = 231;
  const usbPcap = 249;
  const ebhscr = 279;
  return linkType === dbus || linkType === usbPcap || linkType === ebhscr ? MAX_RECORD_BYTES : MAX_PACKET_BYTES;
}
