/** Packets are cut short, so that parts of the analysis are blind. */
import { count } from "../report/values.ts";
import { Case } from "./case.ts";
import type { Facts } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import type { Thresholds } from "./thresholds.ts";

export const captureTruncatedPackets: Rule = {
  id: "capture-truncated-packets",
  severity: "notice",
  group: "capture",
  title: "Packets were captured only in part",
  cause: "The capture was taken with a snap length (tcpdump -s, bytes per packet in Network Watcher).",
  remedy: "Capture again with whole packets: tcpdump -s 0; in Network Watcher leave maximum bytes per packet at 0.",
  detection:
    "At least one percent of the packets are shorter in the capture than they were on the wire. What the cut hides (HTTP, DNS and DHCP contents) is not judged.",
  confirm: '"capinfos FILE" shows the snap length; in Wireshark the filter frame.cap_len < frame.len.',
  source: "pcapng specification, captured and original packet length",
  thresholds: ["truncatedPercent"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const { truncatedPackets, packets, truncatedExamples } = facts.capture;
    if (truncatedPackets === 0 || truncatedPackets * 100 < packets * thresholds.truncatedPercent) return;
    const found = new Case();
    for (const index of truncatedExamples) found.show(facts.packet(index));
    found.count = truncatedPackets;
    const finding = found.finding({
      summary: `${count(truncatedPackets)} of ${count(packets)} packets were cut short; what stood behind the cut is unknown.`,
      displayFilter: "frame.cap_len < frame.len",
    });
    if (finding !== null) yield finding;
  },
};
