/** What is known of one source besides its packets. Counts are right whenever its reader is not running. */
import { MAX_CLOCK_JUMPS } from "../limits.ts";
import { type Problem, ProblemList } from "./problems.ts";

/** Nanoseconds by which time must run backwards, or jump ahead, between two records of a source to be noted as a clock jump. */
export const CLOCK_BACKWARDS_NS = 1e9;
export const CLOCK_AHEAD_NS = 3600e9;

/** An interface that a source names, or the one that a pcap file implies. */
export interface InterfaceFacts {
  /** Interface number within the source, from 0. */
  index: number;
  /** From if_name; null when the file does not tell. */
  name: string | null;
  /** LINKTYPE_ number. */
  linkType: number;
  /** Bytes of a packet that were kept at most; null when unlimited or not told. */
  snapLength: number | null;
  packets: number;
  /** Lost by the interface and by the system, from interface statistics; null when the file does not tell. */
  droppedPackets: number | null;
  /** Name of the VM's primary NIC, which may be another one, in a recording of a live session; else null. */
  primaryNic: string | null;
  /** From if_MACaddr, as `macText` takes it; null when the file does not tell. */
  mac: number | null;
  /** From if_IPv4addr and if_IPv6addr, as text. */
  addresses: readonly string[];
}

/** Two neighbouring records of a source whose times are far apart. */
export interface ClockJump {
  /** The later record in the file. */
  frame: number;
  /** Nanoseconds from the time base, before and after. */
  fromNs: number;
  toNs: number;
}

/** All of a source's facts as plain data, to be sent to another thread. */
export type FactsSnapshot = Omit<SourceFacts, "problems" | "noteClockJump" | "snapshot" | "restore"> & {
  readonly problems: readonly Problem[];
  readonly stopped: boolean;
};

/** Filled by a source's reader as it goes. */
export class SourceFacts {
  /** As the user gave it. "-" is standard input. */
  readonly name: string;
  /** Where packets can be read again by their offset; null for pipes and compressed files. */
  path: string | null = null;
  format: "pcap" | "pcapng" = "pcap";
  compression: "gzip" | "zstd" | null = null;
  /** "us", "ns", or a pcapng resolution such as "10^-7": the finest of the interfaces. */
  timestampResolution = "us";
  /** Fraction digits with which an instant of this source is written: 6 when all its instants are whole microseconds, else 9. */
  fractionDigits: 6 | 9 = 6;
  readonly interfaces: InterfaceFacts[] = [];
  /** Bytes of the file read so far, compressed as they are, and its size; null for a stream. */
  readBytes = 0;
  totalBytes: number | null = null;
  packets = 0;
  /** Records captured shorter than they were on the wire. */
  truncatedPackets = 0;
  /** Nanoseconds from the time base of the first, the earliest and the latest record with a time; null without one. */
  firstNs: number | null = null;
  earliestNs: number | null = null;
  latestNs: number | null = null;
  readonly problems: ProblemList = new ProblemList();
  /** The first of the clock jumps, and how many there were. */
  readonly clockJumps: ClockJump[] = [];
  clockJumpCount = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Notes that `frame` is at `toNs` after a record at `fromNs`. */
  noteClockJump(frame: number, fromNs: number, toNs: number): void {
    this.clockJumpCount += 1;
    if (this.clockJumps.length < MAX_CLOCK_JUMPS) this.clockJumps.push({ frame, fromNs, toNs });
  }

  /** The facts as they are now. */
  snapshot(): FactsSnapshot {
    const { problems, ...facts } = this;
    return { ...facts, problems: problems.all, stopped: problems.stopped };
  }

  /** Takes over what another thread knows of this source; of its interfaces, the first `interfaces`. */
  restore(snapshot: FactsSnapshot, interfaces: number = snapshot.interfaces.length): void {
    const { problems, stopped, ...facts } = snapshot;
    Object.assign(this, facts, { interfaces: facts.interfaces.slice(0, interfaces) });
    this.problems.all.splice(0, this.problems.all.length, ...problems);
    this.problems.stopped = stopped;
  }
}

/** Bytes read so far of all sources together, and of how many; null when the end of one is not known. */
export function bytesRead(sources: readonly SourceFacts[]): { readBytes: number; totalBytes: number | null } {
  let readBytes = 0;
  let totalBytes: number | null = 0;
  for (const facts of sources) {
    readBytes += facts.readBytes;
    totalBytes = totalBytes === null || facts.totalBytes === null ? null : totalBytes + facts.totalBytes;
  }
  return { readBytes, totalBytes };
}
