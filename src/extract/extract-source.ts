/** What an extract is made from: the platform's packets of an analysis, in order, with their bytes. */
import type { PacketStore } from "../capture/packet-store.ts";
import type { SourceFacts } from "../capture/source-facts.ts";
import type { FlowTracker } from "../flow/tracker.ts";
import type { PacketRef } from "../report/report.ts";
import { FlowOrder } from "../rules/flow-order.ts";

/** An interface of one of the sources. */
export interface ExtractInterface {
  readonly source: number;
  readonly index: number;
  readonly name: string | null;
  readonly linkType: number;
  readonly snapLength: number | null;
  readonly primaryNic: string | null;
  readonly droppedPackets: number | null;
}

/** One packet. */
export interface ExtractPacket {
  readonly packet: PacketRef;
  /** Id of its flow; null without one. */
  readonly flow: number | null;
  /** Position in `ExtractSource.interfaces`. */
  readonly interfaceIndex: number;
  /** Seconds since 1970, and nanoseconds of that second. */
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly wireBytes: number;
  /** Goes to the platform, as the analysis found. */
  readonly toPlatform: boolean;
  /** A copy of the captured bytes; null when they are no longer to be had. */
  read(): Uint8Array | null;
}

/** The packets and their interfaces. */
export interface ExtractSource {
  readonly interfaces: readonly ExtractInterface[];
  /** First and last record of the whole capture, seconds and nanoseconds; null without any. */
  readonly span: { readonly from: readonly [number, number]; readonly to: readonly [number, number] } | null;
  packets(): Iterable<ExtractPacket>;
}

/** What of an analysis is needed. */
export interface AnalysedPackets {
  readonly tracker: FlowTracker;
  readonly store: PacketStore;
  readonly sources: readonly SourceFacts[];
  readonly baseSeconds: number;
}

/** The packets of an analysis, in the order in which they were analysed. */
export function extractSource({ tracker, store, sources, baseSeconds }: AnalysedPackets): ExtractSource {
  const firstInterface: number[] = [];
  const interfaces: ExtractInterface[] = [];
  for (const [source, facts] of sources.entries()) {
    firstInterface.push(interfaces.length);
    for (const { index, name, linkType, snapLength, primaryNic, droppedPackets } of facts.interfaces) {
      interfaces.push({ source, index, name, linkType, snapLength, primaryNic, droppedPackets });
    }
  }
  const instant = (atNs: number): readonly [number, number] => {
    const seconds = Math.floor(atNs / 1e9);
    return [baseSeconds + seconds, atNs - seconds * 1e9];
  };
  const starts = sources.flatMap((facts) => facts.earliestNs ?? []);
  const ends = sources.flatMap((facts) => facts.latestNs ?? []);
  const { packets } = tracker;
  return {
    interfaces,
    span: starts.length === 0 ? null : { from: instant(Math.min(...starts)), to: instant(Math.max(...ends)) },
    *packets() {
      const order = new FlowOrder(tracker.flows);
      for (let index = packets.first; index < packets.count; index++) {
        const source = packets.source(index);
        const frame = packets.frame(index);
        const row = packets.flow(index);
        const [seconds, nanoseconds] = instant(packets.atNs(index));
        const place = { source, frame, offset: packets.offset(index), capturedBytes: packets.capturedBytes(index) };
        yield {
          packet: { source, frame },
          flow: row < 0 ? null : order.idOf(row),
          interfaceIndex: (firstInterface[source] ?? 0) + packets.interfaceIndex(index),
          seconds,
          nanoseconds,
          wireBytes: packets.wireBytes(index),
          toPlatform: packets.toPlatform(index),
          read: () => store.read(place).bytes,
        };
      }
    },
  };
}
