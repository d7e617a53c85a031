/** A receiver's window stays closed. */
import { PacketMark } from "../flow/packet-mark.ts";
import { type Case, caseOf } from "./case.ts";
import type { Facts, FlowFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import type { Finding, Rule } from "./rule.ts";
import { addressFilter, counted, duration, platformEndpoint } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const zeroWindow: Rule = {
  id: "zero-window",
  severity: "warning",
  group: "connections",
  title: "A receiver keeps its window closed",
  cause: "The receiving program does not read: it hangs, is starved of CPU or disk, or is stopped in a debugger.",
  remedy:
    "When it is the VM that closes: look at the receiving process (top, its stack, disk latency) and restart the agent if it hangs. When it is the platform, it asks for slower sending: note the time and open a ticket if it lasts.",
  detection:
    "A side announced a window of 0 and did not open it for a second or more. Windows that open again at once are normal flow control.",
  confirm: 'Linux: "ss -tmi dst 168.63.129.16" shows Recv-Q. Windows: Resource Monitor, TCP connections.',
  source: "RFC 9293 section 3.8.6",
  thresholds: ["zeroWindowMs"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const cases = new Map<string, Case>();
    const about = new Map<string, { flow: FlowFact; who: string; longestMs: number }>();
    for (const flow of facts.notableFlows) {
      if (flow.tcp === null) continue;
      for (const direction of ["toPlatform", "fromPlatform"] as const) {
        const closedMs = flow.tcp.longestZeroWindowMs[direction];
        if (closedMs === null || closedMs < thresholds.zeroWindowMs) continue;
        const who = direction === "toPlatform" ? `the VM (${flow.vmAddress})` : "the platform";
        const key = `${platformEndpoint(flow)} ${direction}`;
        const seen = about.get(key) ?? { flow, who, longestMs: 0 };
        seen.longestMs = Math.max(seen.longestMs, closedMs);
        about.set(key, seen);
        const closing = packetsThat(
          facts.packetsOf(flow.id),
          (packet) =>
            packet.toPlatform === (direction === "toPlatform") && (packet.marks & PacketMark.zeroWindow) !== 0,
        );
        caseOf(cases, key).add(flow.id, closing);
      }
    }
    for (const [key, { flow, who, longestMs }] of about) {
      const found = caseOf(cases, key);
      const finding = found.finding({
        summary: `${who.charAt(0).toUpperCase()}${who.slice(1)} kept its window closed for up to ${duration(longestMs)} on ${counted(found.count, "connection")} with ${platformEndpoint(flow)}.`,
        displayFilter: `${addressFilter(flow.platformAddress)} && tcp.port == ${flow.platformPort} && tcp.window_size_value == 0`,
      });
      if (finding !== null) yield finding;
    }
  },
};
