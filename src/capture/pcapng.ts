/**
 * pcapng, draft-ietf-opsawg-pcapng: blocks of type 0-3, total length 4-7, body, and the total length again. A section header
 * block says the byte order of all up to the next one; interface blocks number the interfaces of their section from 0.
 */
import { MAX_RECORD_BYTES } from "../limits.ts";
import {
  BLOCK_FRAME_BYTES,
  BlockType,
  isNeeded,
  leastBytes,
  NUMBERED_BLOCKS,
  PACKET_BLOCK_BYTES,
  PACKET_DATA_START,
  SIMPLE_DATA_START,
} from "./pcapng-blocks.ts";
import { InterfaceTable } from "./pcapng-interfaces.ts";
import type { ProblemCode } from "./problems.ts";
import type { Reader, ReaderContext } from "./reader.ts";
import { CaptureRecord, Step } from "./record.ts";
import { CLOCK_AHEAD_NS, CLOCK_BACKWARDS_NS } from "./source-facts.ts";

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Where the scan over packet blocks stopped, besides at a packet. */
const OTHER_BLOCK = -1;

/** Reads one pcapng stream. */
export class PcapngReader implements Reader {
  readonly record: CaptureRecord = new CaptureRecord();
  readonly #context: ReaderContext;
  #done = false;
  #littleEndian = true;
  readonly #interfaces: InterfaceTable;
  #skipBytes = 0;
  /** Number of the latest frame: packets, and the other blocks that are numbered with them. */
  #frame = 0;
  /** Time of the record before; NaN before the first, so that no comparison with it holds. */
  #previousNs = Number.NaN;

  constructor(context: ReaderContext) {
    this.#context = context;
    context.facts.format = "pcapng";
    this.#interfaces = new InterfaceTable(context);
  }

  next(): Step {
    while (!this.#done) {
      if (this.#scanPackets() === Step.packet) return Step.packet;
      const step = this.#readBlock();
      if (step !== OTHER_BLOCK) return step;
    }
    return Step.done;
  }

  /** The hot loop: whole and sound enhanced packet blocks. Anything else is left to `#readBlock`. */
  #scanPackets(): Step | typeof OTHER_BLOCK {
    const { buffer, facts, base } = this.#context;
    const { view, end } = buffer;
    const littleEndian = this.#littleEndian;
    const interfaces = this.#interfaces.ofSection;
    const record = this.record;
    const firstFrame = this.#frame;
    let baseSeconds = base.seconds;
    let position = buffer.start;
    let frame = firstFrame;
    let truncated = 0;
    let previousNs = this.#previousNs;
    let earliestNs = facts.earliestNs ?? Number.POSITIVE_INFINITY;
    let latestNs = facts.latestNs ?? Number.NEGATIVE_INFINITY;
    let step: Step | typeof OTHER_BLOCK = OTHER_BLOCK;
    while (
      end - position >= PACKET_BLOCK_BYTES &&
      view.getUint32(position, littleEndian) === BlockType.enhancedPacket
    ) {
      const total = view.getUint32(position + 4, littleEndian);
      const blockEnd = position + total;
      if (total < PACKET_BLOCK_BYTES || (total & 3) !== 0 || blockEnd > end) break;
      if (view.getUint32(blockEnd - 4, littleEndian) !== total) break;
      const captured = view.getUint32(position + 20, littleEndian);
      const wire = view.getUint32(position + 24, littleEndian);
      const from = interfaces[view.getUint32(position + 8, littleEndian)];
      if (from === undefined || captured > total - PACKET_BLOCK_BYTES || captured > wire) break;
      const clock = from.clock;
      clock.convert(view.getUint32(position + 12, littleEndian), view.getUint32(position + 16, littleEndian));
      if (baseSeconds === null) base.seconds = baseSeconds = clock.seconds;
      const timeNs = (clock.seconds - baseSeconds) * 1e9 + clock.nanoseconds;
      frame += 1;
      from.facts.packets += 1;
      if (captured < wire) truncated += 1;
      facts.firstNs ??= timeNs;
      if (timeNs < earliestNs) earliestNs = timeNs;
      if (timeNs > latestNs) latestNs = timeNs;
      if (timeNs < previousNs - CLOCK_BACKWARDS_NS || timeNs > previousNs + CLOCK_AHEAD_NS) {
        facts.noteClockJump(frame, previousNs, timeNs);
      }
      previousNs = timeNs;
      const dataStart = position + PACKET_DATA_START;
      position = blockEnd;
      if (from.filter(view, dataStart, dataStart + captured) !== 0) {
        record.view = view;
        record.start = dataStart;
        record.end = dataStart + captured;
        record.wireBytes = wire;
        record.timeNs = timeNs;
        record.timed = true;
        record.interfaceIndex = from.facts.index;
        record.linkType = from.facts.linkType;
        record.frame = frame;
        record.offset = buffer.origin + dataStart;
        step = Step.packet;
        break;
      }
    }
    if (frame !== firstFrame) {
      buffer.start = position;
      facts.packets += frame - firstFrame;
      this.#frame = frame;
      facts.truncatedPackets += truncated;
      facts.earliestNs = earliestNs;
      facts.latestNs = latestNs;
      this.#previousNs = previousNs;
    }
    return step;
  }

  /** One block of any kind: reads it, passes over it, or says why not. */
  #readBlock(): Step | typeof OTHER_BLOCK {
    const { buffer } = this.#context;
    if (this.#skipBytes > 0 && !this.#skip()) return this.#wantMore(this.#skipBytes);
    if (buffer.available < BLOCK_FRAME_BYTES) return this.#wantMore(BLOCK_FRAME_BYTES);
    const { view, start } = buffer;
    const type = view.getUint32(start, this.#littleEndian);
    if (type === BlockType.sectionHeader && !this.#enterSection(view, start)) {
      return this.#stop("bad-section", "its byte order magic is unknown");
    }
    const stated = view.getUint32(start + 4, this.#littleEndian);
    const least = leastBytes(type);
    // Some writers leave the padding out of the length but not out of the file.
    const total = Math.ceil(stated / 4) * 4;
    if (total < least) return this.#stop("bad-block-length", `${stated} bytes, at least ${least} must be`);
    if (total > MAX_RECORD_BYTES) {
      if (isNeeded(type))
        return this.#stop("bad-block-length", `${stated} bytes, at most ${MAX_RECORD_BYTES} are read`);
      this.#skipBytes = total;
      if (NUMBERED_BLOCKS.has(type)) this.#frame += 1;
      return OTHER_BLOCK;
    }
    if (buffer.available < total) return this.#wantMore(total);
    const repeated = view.getUint32(start + total - 4, this.#littleEndian);
    if (repeated !== stated) {
      return this.#stop("bad-block-length", `${stated} bytes at its start, ${repeated} at its end`);
    }
    const step = this.#use(type, view, start, start + total - 4);
    if (!this.#done) buffer.start = start + total;
    return step;
  }

  /** A whole block: `bodyEnd` is where its second length stands. */
  #use(type: number, view: DataView, start: number, bodyEnd: number): Step | typeof OTHER_BLOCK {
    switch (type) {
      case BlockType.sectionHeader:
        return this.#readSection(view, start);
      case BlockType.interfaceDescription:
        this.#interfaces.describe(view, start, bodyEnd, this.#littleEndian);
        return OTHER_BLOCK;
      case BlockType.interfaceStatistics:
        this.#interfaces.noteStatistics(view, start, bodyEnd, this.#littleEndian);
        return OTHER_BLOCK;
      case BlockType.enhancedPacket:
        return this.#readPacket(view, start, bodyEnd, view.getUint32(start + 8, this.#littleEndian));
      case BlockType.packet:
        return this.#readPacket(view, start, bodyEnd, view.getUint16(start + 8, this.#littleEndian));
      case BlockType.simplePacket:
        return this.#readSimplePacket(view, start, bodyEnd);
      default:
        if (NUMBERED_BLOCKS.has(type)) this.#frame += 1;
        return OTHER_BLOCK;
    }
  }

  /** Learns the byte order before the block's length can be read. The section's interfaces are forgotten when the block is whole. */
  #enterSection(view: DataView, start: number): boolean {
    if (view.getUint32(start + 8) === BYTE_ORDER_MAGIC) this.#littleEndian = false;
    else if (view.getUint32(start + 8, true) === BYTE_ORDER_MAGIC) this.#littleEndian = true;
    else return false;
    return true;
  }

  #readSection(view: DataView, start: number): Step | typeof OTHER_BLOCK {
    this.#interfaces.beginSection();
    const major = view.getUint16(start + 12, this.#littleEndian);
    const minor = view.getUint16(start + 14, this.#littleEndian);
    if (major === 1) return OTHER_BLOCK;
    return this.#stop("bad-section", `version ${major}.${minor} is not known`);
  }

  /** An enhanced packet that the hot loop left, or an obsolete one: the same fields but for the interface. */
  #readPacket(view: DataView, start: number, bodyEnd: number, interfaceId: number): Step | typeof OTHER_BLOCK {
    const { base } = this.#context;
    const captured = view.getUint32(start + 20, this.#littleEndian);
    const wire = view.getUint32(start + 24, this.#littleEndian);
    const clock = this.#interfaces.ofSection[interfaceId]?.clock;
    if (clock === undefined)
      return this.#take(view, start + PACKET_DATA_START, bodyEnd, captured, wire, interfaceId, null);
    clock.convert(view.getUint32(start + 12, this.#littleEndian), view.getUint32(start + 16, this.#littleEndian));
    base.seconds ??= clock.seconds;
    const timeNs = (clock.seconds - base.seconds) * 1e9 + clock.nanoseconds;
    return this.#take(view, start + PACKET_DATA_START, bodyEnd, captured, wire, interfaceId, timeNs);
  }

  /** A simple packet comes from interface 0, has no time, and is as long as that interface's snap length lets it be. */
  #readSimplePacket(view: DataView, start: number, bodyEnd: number): Step | typeof OTHER_BLOCK {
    const wire = view.getUint32(start + 8, this.#littleEndian);
    const snapLength = this.#interfaces.ofSection[0]?.facts.snapLength ?? wire;
    const dataStart = start + SIMPLE_DATA_START;
    const captured = Math.min(wire, snapLength, bodyEnd - dataStart);
    return this.#take(view, dataStart, bodyEnd, captured, wire, 0, null);
  }

  /** Counts a packet and hands it over if it passes. `timeNs` is null when it has none. */
  #take(
    view: DataView,
    dataStart: number,
    bodyEnd: number,
    captured: number,
    wire: number,
    interfaceId: number,
    timeNs: number | null,
  ): Step | typeof OTHER_BLOCK {
    const { buffer, facts } = this.#context;
    const offset = buffer.origin + dataStart;
    const from = this.#interfaces.ofSection[interfaceId];
    facts.packets += 1;
    this.#frame += 1;
    if (captured < wire) facts.truncatedPackets += 1;
    if (timeNs !== null) this.#noteTime(timeNs);
    if (from === undefined) {
      facts.problems.add(
        this.#interfaces.isDropped(interfaceId) ? "too-many-interfaces" : "unknown-interface",
        "",
        offset,
      );
      return OTHER_BLOCK;
    }
    from.facts.packets += 1;
    if (captured > wire) facts.problems.add("captured-beyond-wire", "", offset);
    if (captured > bodyEnd - dataStart) {
      facts.problems.add("packet-beyond-block", "", offset);
      return OTHER_BLOCK;
    }
    if (from.filter(view, dataStart, dataStart + captured) === 0) return OTHER_BLOCK;
    const record = this.record;
    record.view = view;
    record.start = dataStart;
    record.end = dataStart + captured;
    record.wireBytes = Math.max(wire, captured);
    record.timed = timeNs !== null;
    record.timeNs = timeNs ?? (Number.isNaN(this.#previousNs) ? 0 : this.#previousNs);
    record.interfaceIndex = from.facts.index;
    record.linkType = from.facts.linkType;
    record.frame = this.#frame;
    record.offset = offset;
    return Step.packet;
  }

  #noteTime(timeNs: number): void {
    const { facts } = this.#context;
    const previousNs = this.#previousNs;
    facts.firstNs ??= timeNs;
    facts.earliestNs = Math.min(facts.earliestNs ?? timeNs, timeNs);
    facts.latestNs = Math.max(facts.latestNs ?? timeNs, timeNs);
    if (timeNs < previousNs - CLOCK_BACKWARDS_NS || timeNs > previousNs + CLOCK_AHEAD_NS) {
      facts.noteClockJump(this.#frame, previousNs, timeNs);
    }
    this.#previousNs = timeNs;
  }

  /** Passes over the rest of a long block; false when more of it is to come. */
  #skip(): boolean {
    const { buffer } = this.#context;
    const passed = Math.min(this.#skipBytes, buffer.available);
    buffer.start += passed;
    this.#skipBytes -= passed;
    return this.#skipBytes === 0;
  }

  /** Asks for more, or ends when there is no more: cleanly between blocks, with a problem within one. */
  #wantMore(needed: number): Step {
    const { buffer, facts } = this.#context;
    buffer.needed = this.#skipBytes > 0 ? 1 : needed;
    if (!buffer.ended) return Step.needBytes;
    const left = buffer.available;
    if ((left > 0 || this.#skipBytes > 0) && !buffer.failed) {
      const code = facts.interfaces.length === 0 && buffer.offset === 0 ? "cut-header" : "cut-record";
      facts.problems.add(buffer.growing ? "still-being-written" : code, `${left} of ${needed} bytes`, buffer.offset);
    }
    buffer.start = buffer.end;
    this.#done = true;
    return Step.done;
  }

  #stop(code: ProblemCode, detail: string): Step {
    const { buffer, facts } = this.#context;
    facts.problems.add(code, detail, buffer.offset);
    this.#done = true;
    return Step.done;
  }
}
