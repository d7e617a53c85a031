import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { analyze } from "../../src/analyzer.ts";
import { openCapture } from "../../src/capture/merge.ts";
import { packetLadder } from "../../src/report/packet-ladder.ts";
import { DEFAULT_OPTIONS } from "../support/analyze.ts";
import { hasTool } from "../support/tools.ts";
import { tsharkFields } from "../support/tshark.ts";

/** Captures of one source whose connections tshark numbers as we do. */
const CAPTURES = [
  "captures/healthy-boot.pcapng",
  "captures/tcp-loss.pcap",
  "captures/tcp-reordering.pcap",
  "captures/tcp-zero-window.pcap",
  "captures/wireserver-refused.pcap",
  "captures/port-reuse.pcap",
];

describe.skipIf(!hasTool("tshark"))("sequence numbers of a ladder", () => {
  test.each(CAPTURES)("of %s are tshark's", async (path) => {
    const analysis = await analyze((options) => openCapture([path], options), DEFAULT_OPTIONS);
    const { flows } = analysis.finish();
    const held = analysis.heldPackets();
    const ours = new Map<string, string>();
    for (const { id } of flows) {
      for (const { packet, tcp } of packetLadder(held, id, 1000).packets) {
        if (tcp === null) continue;
        ours.set(String(packet.frame), `${tcp.sequence} ${tcp.acknowledgment ?? 0} ${tcp.payloadBytes}`);
      }
    }
    analysis.close();
    const theirs = tsharkFields(readFileSync(path), ["frame.number", "tcp.seq", "tcp.ack", "tcp.len"], ["-Y", "tcp"]);
    const told = theirs.filter(([frame]) => ours.has(frame?.[0] ?? ""));
    expect(told.length).toBeGreaterThan(0);
    const numbers = told.map(([frame, seq, ack, length]) => [frame?.[0], `${seq?.[0]} ${ack?.[0]} ${length?.[0]}`]);
    expect(numbers).toEqual([...ours].sort(([one], [other]) => Number(one) - Number(other)));
  });
});
