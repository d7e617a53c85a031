const EMPTY: DataView = new DataView(new ArrayBuffer(0));

/**
 * What a reader stands on. One instance a reader, reset in place; what it points to is valid until the reader moves on.
 * Instants are a whole number of nanoseconds from `TimeBase.seconds`: exact in a double for 100 days.
 */
export class CaptureRecord {
  /** The reader's block. The packet's captured bytes are `[start, end)` in it. */
  view: DataView = EMPTY;
  start = 0;
  end = 0;
  /** Length on the wire, at least `end - start`. */
  wireBytes = 0;
  /** Nanoseconds from the time base. May be negative when a source runs backwards. NaN before the first: a double from the start. */
  timeNs: number = Number.NaN;
  /** False for a pcapng simple packet, which has no time; `timeNs` is then that of the record before it. */
  timed = true;
  /** Index into the source's interfaces. */
  interfaceIndex = 0;
  /** LINKTYPE_ number of that interface. */
  linkType = 0;
  /** 1-based number within the source, as Wireshark counts. */
  frame = 0;
  /** Offset of the first captured byte in the decompressed source. */
  offset = 0;
}

/** The second since 1970 from which every `timeNs` of one analysis counts: that of the first record read. Null until then. */
export interface TimeBase {
  seconds: number | null;
}

/** Looks at one captured packet: 0 when it cannot matter to the analysis, 1 when it must be decoded. Reads `[start, end)` alone. */
export type Prefilter = (view: DataView, start: number, end: number) => number;

/** Where `Reader.next` stopped. */
export const Step = {
  /** `record` holds a packet that its prefilter passed. */
  packet: 0,
  /** The bytes at hand are used up: feed more, or say that there are none. */
  needBytes: 1,
  /** Nothing more will come: the end, or a fault that is in the problems. */
  done: 2,
} as const;
export type Step = (typeof Step)[keyof typeof Step];
