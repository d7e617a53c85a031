/** The interfaces that a pcapng file describes, and what their options and statistics tell. */
import { MAX_INTERFACES } from "../limits.ts";
import { readDroppedPackets, readInterfaceOptions } from "./pcapng-options.ts";
import { filterOrProblem, type ReaderContext } from "./reader.ts";
import type { Prefilter } from "./record.ts";
import type { InterfaceFacts } from "./source-facts.ts";
import { DEFAULT_RESOLUTION, type Resolution, resolutionText, TickClock, ticksPerSecond } from "./tick-clock.ts";

/** Interface description: link type 8-9, snap length 12-15, options from 16. */
const DESCRIPTION_OPTIONS_START = 16;
/** Interface statistics: interface 8-11, time 12-19, options from 20. */
const STATISTICS_OPTIONS_START = 20;

/** What the reader knows of one interface. */
class Interface {
  readonly facts: InterfaceFacts;
  readonly clock: TickClock;
  readonly filter: Prefilter;

  constructor(facts: InterfaceFacts, clock: TickClock, filter: Prefilter) {
    this.facts = facts;
    this.clock = clock;
    this.filter = filter;
  }
}

/** Interfaces by their number in the current section. */
export class InterfaceTable {
  /** Those of this section. Replaced when the next one begins. */
  ofSection: Interface[] = [];
  /** How many more this section describes than are told apart. */
  #dropped = 0;
  #finest: Resolution | null = null;
  readonly #context: ReaderContext;

  constructor(context: ReaderContext) {
    this.#context = context;
    context.facts.timestampResolution = resolutionText(DEFAULT_RESOLUTION);
  }

  /** A section numbers its interfaces from 0 again. */
  beginSection(): void {
    this.ofSection = [];
    this.#dropped = 0;
  }

  /** True for the number of an interface that is described but beyond the bound. */
  isDropped(interfaceId: number): boolean {
    return interfaceId >= this.ofSection.length && interfaceId < this.ofSection.length + this.#dropped;
  }

  /** An interface description block; `bodyEnd` is where its second length stands. */
  describe(view: DataView, start: number, bodyEnd: number, littleEndian: boolean): void {
    const { buffer, facts } = this.#context;
    if (facts.interfaces.length >= MAX_INTERFACES) {
      this.#dropped += 1;
      return;
    }
    const linkType = view.getUint16(start + 8, littleEndian);
    const snapLength = view.getUint32(start + 12, littleEndian);
    const options = readInterfaceOptions(view, start + DESCRIPTION_OPTIONS_START, bodyEnd, littleEndian);
    if (!options.whole) facts.problems.add("bad-option", "", buffer.origin + start);
    const described: InterfaceFacts = {
      index: facts.interfaces.length,
      name: options.name,
      linkType,
      snapLength: snapLength === 0 || snapLength > 0x7fffffff ? null : snapLength,
      packets: 0,
      droppedPackets: null,
      primaryNic: options.primaryNic,
      mac: options.mac,
      addresses: options.addresses,
    };
    facts.interfaces.push(described);
    const clock = new TickClock(options.resolution, options.offsetSeconds);
    this.ofSection.push(new Interface(described, clock, filterOrProblem(this.#context, linkType)));
    this.#noteResolution(options.resolution);
  }

  /** An interface statistics block. Its counts are since the capture began, so the latest one stands. */
  noteStatistics(view: DataView, start: number, bodyEnd: number, littleEndian: boolean): void {
    const from = this.ofSection[view.getUint32(start + 8, littleEndian)];
    if (from === undefined) return;
    const dropped = readDroppedPackets(view, start + STATISTICS_OPTIONS_START, bodyEnd, littleEndian);
    if (dropped !== null) from.facts.droppedPackets = dropped;
  }

  #noteResolution(resolution: Resolution): void {
    const { facts } = this.#context;
    if (this.#finest !== null && ticksPerSecond(resolution) <= ticksPerSecond(this.#finest)) return;
    this.#finest = resolution;
    facts.timestampResolution = resolutionText(resolution);
    facts.fractionDigits = resolution.exponent > 6 ? 9 : 6;
  }
}
