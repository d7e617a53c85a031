/**
 * Round-trip samples of a TCP connection. Smallest and largest are exact; the median is exact up to `MAX_ROUND_TRIP_SAMPLES` samples and
 * from then on that of an even choice of them. The first few stand in the connection's row, further ones in a chain of small rows.
 */
import { MAX_FLOWS, MAX_ROUND_TRIP_SAMPLES } from "../limits.ts";
import { RowTable } from "./row-table.ts";
import { TcpField, type TcpTable } from "./tcp-table.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Tcp = TcpField;

const SAMPLE_BYTES = 8;
const SAMPLES_IN_ROW = 4;
const SAMPLES_IN_MORE = 7;
/** A further row: the next one plus one (0: none), then samples. */
const MORE_SAMPLES = 8;
const MORE_BYTES: number = MORE_SAMPLES + SAMPLES_IN_MORE * SAMPLE_BYTES;

/** Smallest, middle and largest round trip. */
export interface RoundTrip {
  readonly minNs: number;
  readonly medianNs: number;
  readonly maxNs: number;
}

/** Keeps the samples of all connections. */
export class RoundTrips {
  private readonly tcp: TcpTable;
  private readonly more: RowTable = new RowTable(MORE_BYTES, MAX_FLOWS);

  constructor(tcp: TcpTable) {
    this.tcp = tcp;
  }

  /** Adds a sample to the connection in `row`. One that a clock running backwards made negative counts as 0. */
  add(row: number, measuredNs: number): void {
    const sampleNs = Math.max(measuredNs, 0);
    const view = this.tcp.view(row);
    const at = this.tcp.at(row);
    const taken = view.getInt32(at + Tcp.roundTrips, true);
    view.setInt32(at + Tcp.roundTrips, taken + 1, true);
    if (taken === 0 || sampleNs < view.getFloat64(at + Tcp.roundTripMinNs, true))
      view.setFloat64(at + Tcp.roundTripMinNs, sampleNs, true);
    if (taken === 0 || sampleNs > view.getFloat64(at + Tcp.roundTripMaxNs, true))
      view.setFloat64(at + Tcp.roundTripMaxNs, sampleNs, true);
    if (taken < SAMPLES_IN_ROW) {
      view.setFloat64(at + Tcp.roundTripSamples + taken * SAMPLE_BYTES, sampleNs, true);
      return;
    }
    const step = stepAfter(taken);
    if (taken % step !== 0) return;
    const place = taken / step;
    if (step > 1 && stepAfter(taken - 1) !== step) this.thin(row);
    this.put(row, place, sampleNs);
  }

  /** Null without a sample. */
  of(row: number): RoundTrip | null {
    const taken = this.tcp.int(row, Tcp.roundTrips);
    if (taken === 0) return null;
    const samples = this.samples(row, Math.ceil(taken / stepAfter(taken - 1)));
    samples.sort((one, other) => one - other);
    const upper = samples[samples.length >> 1] ?? 0;
    const lower = samples[(samples.length - 1) >> 1] ?? upper;
    return {
      minNs: this.tcp.double(row, Tcp.roundTripMinNs),
      medianNs: (lower + upper) / 2,
      maxNs: this.tcp.double(row, Tcp.roundTripMaxNs),
    };
  }

  /** Gives the further rows of a connection back. */
  release(row: number): void {
    let more = this.tcp.int(row, Tcp.roundTripMore) - 1;
    while (more >= 0) {
      const next = this.more.int(more, 0) - 1;
      this.more.release(more);
      more = next;
    }
    this.tcp.setInt(row, Tcp.roundTripMore, 0);
  }

  /** Keeps every second sample: those that the doubled step would have taken. */
  private thin(row: number): void {
    const samples = this.samples(row, MAX_ROUND_TRIP_SAMPLES);
    for (let place = 0; place * 2 < samples.length; place++) this.put(row, place, samples[place * 2] ?? 0);
  }

  private samples(row: number, count: number): number[] {
    const samples: number[] = [];
    for (let place = 0; place < Math.min(count, SAMPLES_IN_ROW); place++)
      samples.push(this.tcp.double(row, Tcp.roundTripSamples + place * SAMPLE_BYTES));
    let more = this.tcp.int(row, Tcp.roundTripMore) - 1;
    for (let place = SAMPLES_IN_ROW; place < count && more >= 0; place++) {
      const at = (place - SAMPLES_IN_ROW) % SAMPLES_IN_MORE;
      samples.push(this.more.double(more, MORE_SAMPLES + at * SAMPLE_BYTES));
      if (at === SAMPLES_IN_MORE - 1) more = this.more.int(more, 0) - 1;
    }
    return samples;
  }

  /** Puts a sample at its place, in a new row when it is the first there. When there is no room the median goes without it. */
  private put(row: number, place: number, sampleNs: number): void {
    if (place < SAMPLES_IN_ROW) {
      this.tcp.setDouble(row, Tcp.roundTripSamples + place * SAMPLE_BYTES, sampleNs);
      return;
    }
    let skip = Math.floor((place - SAMPLES_IN_ROW) / SAMPLES_IN_MORE);
    let more = this.tcp.int(row, Tcp.roundTripMore) - 1;
    if (more < 0) {
      more = this.more.add();
      if (more < 0) return;
      this.tcp.setInt(row, Tcp.roundTripMore, more + 1);
    }
    while (skip > 0) {
      let next = this.more.int(more, 0) - 1;
      if (next < 0) {
        next = this.more.add();
        if (next < 0) return;
        this.more.setInt(more, 0, next + 1);
      }
      more = next;
      skip--;
    }
    this.more.setDouble(more, MORE_SAMPLES + ((place - SAMPLES_IN_ROW) % SAMPLES_IN_MORE) * SAMPLE_BYTES, sampleNs);
  }
}

/** Which samples are kept once `taken` were taken before this one: all, then every second, fourth, ... so that the kept ones fit. */
function stepAfter(taken: number): number {
  let step = 1;
  while (taken / step >= MAX_ROUND_TRIP_SAMPLES) step *= 2;
  return step;
}
