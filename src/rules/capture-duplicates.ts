/** Packets are in the capture twice. */
import { Case } from "./case.ts";
import type { Facts } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, trafficFilter } from "./texts.ts";

export const captureDuplicates: Rule = {
  id: "capture-duplicates",
  severity: "notice",
  group: "capture",
  title: "Packets are in the capture twice",
  cause:
    "The capture was taken on several interfaces that pass the same packet on: the any interface with accelerated networking, a bridge, or a packet monitor that logs each layer.",
  remedy: "Nothing: duplicates were counted once. For a smaller capture choose one interface (tcpdump -i eth0).",
  detection:
    "The same packet was seen on another interface within a millisecond, or again on the same one within 0.2 ms.",
  confirm: 'Linux: "ip -d link" shows which interface is enslaved to which.',
  source: "cilium issue 25242 (accelerated networking); tcpdump(8) on the any interface",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const { duplicatePackets, duplicateExamples } = facts.capture;
    if (duplicatePackets === 0) return;
    const found = new Case();
    for (const index of duplicateExamples) found.show(facts.packet(index));
    found.count = duplicatePackets;
    const finding = found.finding({
      summary: `${counted(duplicatePackets, "packet")} seen again on another interface or layer; each was counted once.`,
      displayFilter: trafficFilter(facts),
    });
    if (finding !== null) yield finding;
  },
};
