/**
 * TCP conversations as short scripts, and what tracking makes of them. A line is
 *
 *     12.5 vm syn ack seq 100 ack 501 data 20 win 512 mss 1460 scale 7 port 50001
 *
 * milliseconds, sender, then flags (syn, ack, fin, rst, psh) and numbers in any order. "ack" with a number sets the flag and the
 * field. Without a number: sequence and acknowledgment 0, window 64240, VM port 50000, platform port 80 ("to" sets it).
 */
import type { CaptureRecord } from "../../src/capture/record.ts";
import { CaptureRecord as Captured } from "../../src/capture/record.ts";
import { AddressSet } from "../../src/decode/address-set.ts";
import { decodePacket } from "../../src/decode/decode-packet.ts";
import { Packet } from "../../src/decode/packet.ts";
import type { ConversationListener } from "../../src/flow/listener.ts";
import { FlowTracker, type TrackerOptions } from "../../src/flow/tracker.ts";
import { ethernet, ipv4, joinBytes, tcp, uint16 } from "./packet-bytes.ts";
import { pcapFile } from "./pcap-writer.ts";

const PLATFORM_ADDRESS = 0xa83f8110 | 0;
const NANOSECOND_MAGIC = 0xa1b23c4d;
/** Time base of written captures, in seconds since 1970. */
const BASE_SECONDS = 1_700_000_000;

/** A packet with its time, for one analysis or one capture file. */
export interface TimedPacket {
  atNs: number;
  bytes: Uint8Array;
  wireBytes?: number;
  source?: number;
}

/** One line of a script. */
export interface Segment {
  atNs: number;
  fromVm: boolean;
  flags: number;
  sequence: number;
  acknowledgment: number;
  payload: Uint8Array;
  window: number;
  maxSegmentSize?: number;
  windowScale?: number;
  vmPort: number;
  platformPort: number;
}

/** What a listener was told. */
export interface Told {
  what: string;
  flow: number;
  toPlatform?: boolean;
  text?: string;
  bytes?: number;
  how?: string;
  whole?: boolean;
}

/** The segments of a script. */
export function parseSegments(script: string): Segment[] {
  const lines = script.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map(parseSegment);
}

/** The packets of a script; payload is letters by position in the stream, so that a wrong place shows. */
export function segmentPackets(script: string): TimedPacket[] {
  return parseSegments(script).map(packetOf);
}

export function packetOf(segment: Segment): TimedPacket {
  const options: Uint8Array[] = [];
  if (segment.maxSegmentSize !== undefined) options.push(Uint8Array.of(2, 4), uint16(segment.maxSegmentSize));
  if (segment.windowScale !== undefined) options.push(Uint8Array.of(1, 3, 3, segment.windowScale));
  const bytes = tcp(segment.payload, {
    sourcePort: segment.fromVm ? segment.vmPort : segment.platformPort,
    destinationPort: segment.fromVm ? segment.platformPort : segment.vmPort,
    sequence: segment.sequence,
    acknowledgment: segment.acknowledgment,
    flags: segment.flags,
    window: segment.window,
    options: joinBytes(...options),
  });
  const macs = segment.fromVm
    ? { source: "000d3a000001", destination: "123456789abc" }
    : { source: "123456789abc", destination: "000d3a000001" };
  const addresses = segment.fromVm ? {} : { source: "168.63.129.16", destination: "10.0.0.4" };
  return { atNs: segment.atNs, bytes: ethernet(ipv4(bytes, addresses), macs) };
}

/** All of what is told, in order. */
export class Listening implements ConversationListener {
  readonly told: Told[] = [];

  opened(flow: number): boolean {
    this.told.push({ what: "opened", flow });
    return true;
  }

  datagram(
    flow: number,
    toPlatform: boolean,
    _packet: number,
    _atNs: number,
    view: DataView,
    start: number,
    end: number,
    whole: boolean,
  ): void {
    this.told.push({ what: "datagram", flow, toPlatform, bytes: end - start, text: textOf(view, start, end), whole });
  }

  stream(
    flow: number,
    toPlatform: boolean,
    _packet: number,
    _atNs: number,
    view: DataView,
    start: number,
    end: number,
  ): void {
    this.told.push({ what: "stream", flow, toPlatform, text: textOf(view, start, end) });
  }

  gap(flow: number, toPlatform: boolean, _packet: number, _atNs: number, bytes: number): void {
    this.told.push({ what: "gap", flow, toPlatform, bytes });
  }

  closed(flow: number, toPlatform: boolean, _packet: number, _atNs: number, how: "fin" | "reset" | "let-go"): void {
    this.told.push({ what: "closed", flow, toPlatform, how });
  }

  released(flow: number): void {
    this.told.push({ what: "released", flow });
  }
}

/** A tracker whose platform is 168.63.129.16, fed by `take`. */
export class Tracking {
  readonly listener: Listening = new Listening();
  readonly tracker: FlowTracker;
  readonly #packet: Packet = new Packet();
  readonly #record: CaptureRecord = new Captured();

  constructor(options: Partial<TrackerOptions> = {}) {
    const addresses = new AddressSet();
    addresses.addIpv4(PLATFORM_ADDRESS);
    this.tracker = new FlowTracker({ addresses, hashSeed: 1, ...options }, this.listener);
  }

  take(packet: TimedPacket, linkType = 1): boolean {
    const record = this.#record;
    record.view = new DataView(packet.bytes.buffer, packet.bytes.byteOffset, packet.bytes.byteLength);
    record.start = 0;
    record.end = packet.bytes.byteLength;
    record.wireBytes = packet.wireBytes ?? packet.bytes.byteLength;
    record.timeNs = packet.atNs;
    record.frame++;
    record.linkType = linkType;
    decodePacket(linkType, record.view, record.start, record.end, record.wireBytes, this.#packet);
    return this.tracker.packet(this.#packet, record, packet.source ?? 0);
  }
}

/** Tracks packets to their end. */
export function trackPackets(packets: readonly TimedPacket[], options: Partial<TrackerOptions> = {}): Tracking {
  const tracking = new Tracking(options);
  for (const packet of packets) tracking.take(packet);
  tracking.tracker.finish();
  return tracking;
}

/** Tracks a script to its end. */
export function trackSegments(script: string, options: Partial<TrackerOptions> = {}): Tracking {
  return trackPackets(segmentPackets(script), options);
}

/** The packets as a pcap file with nanoseconds. */
export function captureOf(packets: readonly TimedPacket[]): Uint8Array {
  return pcapFile(
    packets.map(({ atNs, bytes, wireBytes }) => ({
      seconds: BASE_SECONDS + Math.floor(atNs / 1e9),
      fraction: atNs - Math.floor(atNs / 1e9) * 1e9,
      bytes,
      ...(wireBytes === undefined ? {} : { wireBytes }),
    })),
    { magic: NANOSECOND_MAGIC },
  );
}

const FLAGS: Readonly<Record<string, number>> = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, ece: 64, cwr: 128 };

function parseSegment(line: string): Segment {
  const [time = "0", sender = "vm", ...words] = line.split(/\s+/);
  const values: Record<string, number> = {};
  let flags = 0;
  for (let place = 0; place < words.length; place++) {
    const word = words[place] ?? "";
    const flag = FLAGS[word];
    if (flag !== undefined) flags |= flag;
    const next = words[place + 1];
    if (next === undefined || !/^[0-9]+$/.test(next)) continue;
    values[word] = Number(next);
    place++;
  }
  const sequence = values["seq"] ?? 0;
  return {
    atNs: Math.round(Number(time) * 1e6),
    fromVm: sender === "vm",
    flags,
    sequence,
    acknowledgment: values["ack"] ?? 0,
    payload: lettersAt(sequence, values["data"] ?? 0),
    window: values["win"] ?? 64_240,
    ...(values["mss"] === undefined ? {} : { maxSegmentSize: values["mss"] }),
    ...(values["scale"] === undefined ? {} : { windowScale: values["scale"] }),
    vmPort: values["port"] ?? 50_000,
    platformPort: values["to"] ?? 80,
  };
}

function lettersAt(sequence: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, place) => 97 + ((sequence + place) % 26));
}

function textOf(view: DataView, start: number, end: number): string {
  return Buffer.from(view.buffer, view.byteOffset + start, end - start).toString("latin1");
}
