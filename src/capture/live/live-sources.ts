/**
 * Live sources as one record source: one source for each NIC, whose capture may end and begin again. Packets are taken as they are at
 * hand, the earliest first; a NIC without any holds up no other. Frame numbers of a NIC go on over all its captures.
 */
import type { Readable } from "node:stream";
import { MAX_LIVE_GAPS } from "../../limits.ts";
import type { LiveSource } from "../../report/report.ts";
import { type OpenOptions, openStream } from "../open.ts";
import { CaptureRecord, Step } from "../record.ts";
import type { RecordSource, Source } from "../source.ts";
import { type InterfaceFacts, SourceFacts } from "../source-facts.ts";
import type { PacketTally } from "./packet-tally.ts";

const ETHERNET = 1;

/** Takes each packet that the analysis is about to see; its bytes are valid during the call alone. */
export type OnRecord = (sourceIndex: number, record: CaptureRecord) => void;

/** One capture of a NIC: from a child's start to its end. */
class Run {
  readonly facts: SourceFacts;
  readonly source: Source;
  /** Frames of the NIC before this capture. */
  readonly framesBefore: number;
  readonly packetsSkipped: PacketTally | null;
  readonly onEnd: () => void;
  /** A fill is under way. */
  filling = false;

  constructor(facts: SourceFacts, source: Source, framesBefore: number, skip: PacketTally | null, onEnd: () => void) {
    this.facts = facts;
    this.source = source;
    this.framesBefore = framesBefore;
    this.packetsSkipped = skip;
    this.onEnd = onEnd;
  }
}

/** A stream that waits until the capture before it has ended. */
interface WaitingStream {
  stream: Readable;
  onEnd: () => void;
}

/** One NIC: its source in the report, and the captures that it is made of. */
export class NicSource {
  readonly facts: SourceFacts;
  readonly live: LiveSource;
  readonly index: number;
  run: Run | null = null;
  readonly waiting: WaitingStream[] = [];
  /** The run stands on a packet that was not handed over. */
  standing = false;
  /** A stream is being opened. */
  opening = false;
  /** Packets of the capture that is being replaced, while it is. */
  overlap: PacketTally | null = null;
  /** Of captures that ended. */
  readonly #ended: { packets: number; truncated: number; skipped: number } = { packets: 0, truncated: 0, skipped: 0 };
  readonly #interface: InterfaceFacts;

  constructor(index: number, name: string, live: LiveSource) {
    this.index = index;
    this.facts = new SourceFacts(name);
    this.live = live;
    this.#interface = {
      ...{ index: 0, name, linkType: ETHERNET, snapLength: null, packets: 0, droppedPackets: null },
      ...{ primaryNic: null, mac: null, addresses: [] },
    };
    this.facts.interfaces.push(this.#interface);
    this.facts.fractionDigits = 9;
    this.facts.timestampResolution = "ns";
  }

  /** Packets that the backend says were lost; null when it cannot tell. */
  setDropped(packets: number | null): void {
    this.#interface.droppedPackets = packets;
  }

  /** Packets of this NIC before the next capture's first. */
  get packetsEnded(): number {
    return this.#ended.packets;
  }

  /** A packet that both captures saw, while one replaced the other, counts once. */
  skip(): void {
    this.#ended.skipped += 1;
  }

  get skipped(): number {
    return this.#ended.skipped;
  }

  /** Brings the NIC's facts up to its current capture's. */
  absorb(): void {
    const { facts, run } = this;
    if (run === null) return;
    const read = run.facts;
    facts.packets = this.#ended.packets + read.packets - this.#ended.skipped;
    facts.truncatedPackets = this.#ended.truncated + read.truncatedPackets;
    facts.firstNs ??= read.firstNs;
    if (read.earliestNs !== null) facts.earliestNs = Math.min(facts.earliestNs ?? read.earliestNs, read.earliestNs);
    if (read.latestNs !== null) facts.latestNs = Math.max(facts.latestNs ?? read.latestNs, read.latestNs);
    facts.format = read.format;
    const [first] = read.interfaces;
    this.#interface.packets = facts.packets;
    if (first === undefined) return;
    facts.timestampResolution = read.timestampResolution;
    this.#interface.linkType = first.linkType;
    this.#interface.snapLength = first.snapLength;
  }

  /** The current capture has ended and was read to its end. A record that it was cut in is a matter of gaps, not of the input. */
  endRun(): void {
    const { run } = this;
    if (run === null) return;
    this.absorb();
    this.#ended.packets = this.facts.packets;
    this.#ended.truncated = this.facts.truncatedPackets;
    this.#ended.skipped = 0;
    for (const problem of run.facts.problems.all) {
      if (problem.code === "unsupported-link-type")
        this.facts.problems.add(problem.code, String(run.facts.interfaces[0]?.linkType ?? ""), null);
    }
    run.source.close();
    this.run = null;
    this.standing = false;
    run.onEnd();
  }

  /** Notes that capture is interrupted from this instant on. */
  openGap(fromAt: string, reason: string): void {
    const { gaps } = this.live;
    const last = gaps.at(-1);
    if (last !== undefined && last.toAt === null) {
      // One gap has one reason; that the interface is away says more than that its capture ended.
      if (last.reason === "backend-died") last.reason = reason;
      return;
    }
    if (gaps.length >= MAX_LIVE_GAPS) gaps.pop();
    gaps.push({ fromAt, toAt: null, reason });
  }

  /** Notes that capture goes on. */
  closeGap(toAt: string): void {
    const last = this.live.gaps.at(-1);
    if (last !== undefined && last.toAt === null) last.toAt = toAt;
  }
}

/** All NICs of one session. */
export class LiveSources implements RecordSource {
  record: CaptureRecord = new CaptureRecord();
  sourceIndex = 0;
  readonly nics: NicSource[] = [];
  /** For the analysis; they grow with the NICs. */
  readonly facts: SourceFacts[] = [];
  readonly live: LiveSource[] = [];
  onRecord: OnRecord = () => {};
  readonly #options: OpenOptions;
  #ending = false;
  #handedOver: NicSource | null = null;
  #wake: (() => void) | null = null;
  #woken = false;

  constructor(options: OpenOptions) {
    this.#options = options;
  }

  /** Adds a NIC, which has no capture yet. */
  add(name: string, live: LiveSource): NicSource {
    const nic = new NicSource(this.nics.length, name, live);
    this.nics.push(nic);
    this.facts.push(nic.facts);
    this.live.push(live);
    return nic;
  }

  /** Takes away all NICs, whose captures never began: others come instead. */
  forgetAll(): void {
    this.close();
    for (const list of [this.nics, this.facts, this.live]) list.length = 0;
  }

  /** Takes a capture's stream for this NIC; one that is still read is read to its end first. `onEnd` is called when this one was. */
  attach(nic: NicSource, stream: Readable, onEnd: () => void): void {
    nic.waiting.push({ stream, onEnd });
    this.wake();
  }

  /** No further captures will come: ends when what is at hand was taken in. */
  end(): void {
    this.#ending = true;
    this.wake();
  }

  /** Makes whoever waits look again. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  next(): Step {
    if (this.#handedOver !== null) this.#handedOver.standing = false;
    this.#handedOver = null;
    let earliest: NicSource | null = null;
    let alive = false;
    for (const nic of this.nics) {
      if (nic.run !== null && !nic.standing) this.#advance(nic, nic.run);
      if (nic.standing && (earliest === null || timeOf(nic) < timeOf(earliest))) earliest = nic;
      alive ||= nic.run !== null || nic.waiting.length > 0 || nic.opening;
    }
    if (earliest === null) return this.#ending && !alive ? Step.done : Step.needBytes;
    return this.#handOver(earliest);
  }

  /** Settles when there may be more to read, or something else to look at. */
  fill(): Promise<boolean> {
    for (const nic of this.nics) {
      const { run } = nic;
      if (run === null) this.#openNext(nic);
      else if (!nic.standing && !run.filling) this.#fill(run);
    }
    if (this.#woken) {
      this.#woken = false;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        this.#woken = false;
        resolve(true);
      };
    });
  }

  close(): void {
    for (const nic of this.nics) {
      nic.run?.source.close();
      for (const { stream } of nic.waiting) stream.destroy();
    }
  }

  #handOver(nic: NicSource): Step {
    const record = nic.run?.source.record ?? this.record;
    this.record = record;
    this.sourceIndex = nic.index;
    this.#handedOver = nic;
    this.onRecord(nic.index, record);
    return Step.packet;
  }

  /** Goes on to the NIC's next packet that counts. */
  #advance(nic: NicSource, run: Run): void {
    for (;;) {
      if (run.filling) return;
      const step = run.source.next();
      if (step === Step.packet) {
        const { record } = run.source;
        if (run.packetsSkipped?.takeOut(record) === true) {
          nic.skip();
          continue;
        }
        nic.overlap?.add(record);
        record.frame += run.framesBefore - nic.skipped;
        nic.standing = true;
        return;
      }
      if (step === Step.done) nic.endRun();
      else nic.absorb();
      return;
    }
  }

  #fill(run: Run): void {
    const more = run.source.fill();
    if (!(more instanceof Promise)) {
      this.#woken = true;
      return;
    }
    run.filling = true;
    void more.then(() => {
      run.filling = false;
      this.wake();
    });
  }

  #openNext(nic: NicSource): void {
    const next = nic.waiting[0];
    if (next === undefined || nic.opening) return;
    nic.opening = true;
    const facts = new SourceFacts(nic.facts.name);
    const skip = nic.overlap;
    nic.overlap = null;
    void openStream(next.stream, nic.index, this.#options, facts)
      .then((source) => {
        nic.run = new Run(facts, source, nic.packetsEnded, skip, next.onEnd);
      })
      // A child that ends before it has written a header: its end is told by whoever watches it.
      .catch(() => next.onEnd())
      .finally(() => {
        nic.waiting.shift();
        nic.opening = false;
        this.wake();
      });
  }
}

function timeOf(nic: NicSource): number {
  return nic.run?.source.record.timeNs ?? 0;
}
