/**
 * What tracking says of each TCP segment against `tcp.analysis.*` of Wireshark. Deliberate differences: the same packet seen at a second
 * interface is a duplicate and nothing else, while Wireshark calls it a retransmission, and all that follows from that; a segment that an ICMP
 * error quotes, and one whose header the capture cut, are not judged.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import type { FlowTracker } from "../../src/flow/tracker.ts";
import { Conversation, capturedLate } from "../support/conversation.ts";
import { randomConnections } from "../support/random-connections.ts";
import { captureOf, trackPackets } from "../support/segments.ts";
import { Sharkd } from "../support/sharkd.ts";
import { hasTool } from "../support/tools.ts";
import { trackFile } from "../support/track-file.ts";
import { tsharkFields } from "../support/tshark.ts";

const CAPTURES = join(import.meta.dirname, "../../captures");
/** Each packet is there twice or more. */
const WITH_COPIES: readonly string[] = ["any-duplicates.pcap", "container-nat.pcap"];

/** Names that both sides use, with the fields and bits that make them. Fast and spurious retransmissions have the first field too. */
const FINDINGS: readonly (readonly [string, readonly string[], number])[] = [
  ["retransmission", ["tcp.analysis.retransmission"], PacketMark.retransmission],
  ["out-of-order", ["tcp.analysis.out_of_order"], PacketMark.outOfOrder],
  ["duplicate-ack", ["tcp.analysis.duplicate_ack"], PacketMark.duplicateAck],
  ["zero-window", ["tcp.analysis.zero_window"], PacketMark.zeroWindow],
  ["lost", ["tcp.analysis.lost_segment", "tcp.analysis.ack_lost_segment"], PacketMark.afterLostSegment],
  ["keep-alive", ["tcp.analysis.keep_alive"], PacketMark.keepAlive],
  ["window-update", ["tcp.analysis.window_update"], PacketMark.windowUpdate],
  ["zero-window-probe", ["tcp.analysis.zero_window_probe"], PacketMark.zeroWindowProbe],
  ["port-reused", ["tcp.analysis.reused_ports"], PacketMark.portReused],
];

const FIELDS = ["frame.number", "tcp.stream", ...FINDINGS.flatMap(([, names]) => names)];
const FILTER = "tcp && !icmp && !icmpv6 && (ip.addr == 168.63.129.16 || ipv6.addr == fe80::1234:5678:9abc)";

/** "frame stream finding finding ..." for each TCP packet, of which Wireshark gives a value for each field, "" for none; streams are numbered by first packet. */
function linesOf(frames: readonly (readonly string[])[]): string[] {
  const streams = new Map<string, number>();
  return frames.map(([frame = "", stream = "", ...values]) => {
    if (!streams.has(stream)) streams.set(stream, streams.size);
    const found: string[] = [];
    for (const [name, names] of FINDINGS)
      if (names.map(() => values.shift() ?? "").some((value) => value !== "")) found.push(name);
    return [frame, streams.get(stream), ...found].join(" ");
  });
}

/** By tshark: looking at a frame again, as sharkd does, Wireshark does not tell all ports used again. */
function byTshark(capture: Uint8Array): string[] {
  const frames = tsharkFields(capture, FIELDS, ["-Y", FILTER]);
  return linesOf(frames.map((fields) => fields.map(([value = ""]) => value)));
}

function byTracking(tracker: FlowTracker): string[] {
  const { packets, flows } = tracker;
  const streams = new Map<number, number>();
  const lines: string[] = [];
  for (let packet = 0; packet < packets.count; packet++) {
    const flow = packets.flow(packet);
    const marks = packets.marks(packet);
    if (flow < 0 || flows.protocolName(flow) !== "tcp" || (marks & PacketMark.icmpError) !== 0) continue;
    if (!streams.has(flow)) streams.set(flow, streams.size);
    const found = FINDINGS.filter(([, , bit]) => (marks & bit) !== 0).map(([name]) => name);
    lines.push([packets.frame(packet), streams.get(flow), ...found].join(" "));
  }
  return lines;
}

describe.runIf(hasTool("sharkd"))("each segment is what Wireshark says it is", () => {
  let sharkd: Sharkd;
  beforeAll(() => {
    sharkd = new Sharkd();
  });
  afterAll(() => sharkd.close());

  const names = readdirSync(CAPTURES).filter((name) => /\.pcap(ng)?$/.test(name) && !WITH_COPIES.includes(name));
  test.each(names)("in %s", async (name) => {
    const path = join(CAPTURES, name);
    const { tracker } = await trackFile(path);
    expect(byTracking(tracker)).toEqual(linesOf(await sharkd.frames(path, FILTER, FIELDS)));
  });

  test.each(WITH_COPIES)("but copies from another interface in %s", async (name) => {
    const path = join(CAPTURES, name);
    const { tracker } = await trackFile(path);
    expect(tracker.counters.duplicatePackets).toBeGreaterThan(0);
    const lines = linesOf(await sharkd.frames(path, FILTER, FIELDS));
    expect(lines.some((line) => line.includes("retransmission"))).toBe(true);
    expect(byTracking(tracker).filter((line) => line.includes("retransmission"))).toEqual([]);
  });

  test("in conversations with each packet in turn captured behind the next one or two", () => {
    const packets = [1, 2].flatMap((by) =>
      [false, true].flatMap((byClock, way) =>
        Array.from({ length: 12 - by }, (_, place) => {
          const vmPort = 40_000 + way * 1000 + by * 100 + place;
          const conversation = new Conversation(true, vmPort, 80, vmPort).open().ask("abc").send(true, 24, "d");
          return capturedLate(conversation.answer("efgh").send(false, 24, "ij").close().packets, place, by, byClock);
        }).flat(),
      ),
    );
    expect(byTracking(trackPackets(packets).tracker)).toEqual(byTshark(captureOf(packets)));
  });

  test("in 400 connections with loss, reordering, closed windows and nonsense", () => {
    const packets = randomConnections(400, 7);
    expect(byTracking(trackPackets(packets).tracker)).toEqual(byTshark(captureOf(packets)));
  });
});
