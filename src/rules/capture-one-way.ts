/** One direction is missing from nearly all conversations. */
import { count } from "../report/values.ts";
import { Case } from "./case.ts";
import { isOneWay } from "./claim-limits.ts";
import type { Facts } from "./facts.ts";
import { firstPacket } from "./flow-packets.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, trafficFilter } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

/** Flows that are shown as examples. */
const EXAMPLES = 10;

export const captureOneWay: Rule = {
  id: "capture-one-way",
  severity: "notice",
  group: "capture",
  title: "The capture holds one direction alone",
  cause:
    "It was taken behind a filter (src host, dst host), on one leg of an asymmetric path, or on a mirror port of one direction.",
  remedy: 'Capture again with "host 168.63.129.16" (not src or dst), on every NIC of the VM.',
  detection:
    "At least three conversations, and 90 % of them, show packets of one direction that prove the other: acknowledgments of what was never captured, or answers without questions. What needs both directions is not judged then.",
  confirm: "Look at one of the conversations: every packet comes from the same side.",
  source: "Common experience with one-sided captures (RFC 9293 section 3.4 for what an acknowledgment proves)",
  thresholds: ["oneWayPercent", "oneWayMinimumFlows"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (!isOneWay(facts, thresholds)) return;
    const { toPlatform, fromPlatform } = facts.capture.oneWayFlows;
    const seen = toPlatform >= fromPlatform ? "toPlatform" : "fromPlatform";
    const missing = seen === "toPlatform" ? "fromPlatform" : "toPlatform";
    const found = new Case();
    for (const flow of facts.notableFlows) {
      if (found.flows.size === EXAMPLES) break;
      if (flow.packets[seen] > 0 && flow.packets[missing] === 0)
        found.add(flow.id, firstPacket(facts.packetsOf(flow.id)));
    }
    found.count = Math.max(toPlatform, fromPlatform);
    const finding = found.finding({
      summary: `${counted(found.count, "conversation")} of ${count(found.count + facts.capture.twoWayFlows)} show ${seen === "toPlatform" ? "only what the VM sends" : "only what the platform sends"}.`,
      displayFilter: trafficFilter(facts),
    });
    if (finding !== null) yield finding;
  },
};
