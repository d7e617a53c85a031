/** Answers that match no query, or two different answers to one. */
import { QUERY_MAY_COME_MS } from "../service/dns-early-answers.ts";
import { Case } from "./case.ts";
import { isOneWay } from "./claim-limits.ts";
import type { Facts, PacketFact } from "./facts.ts";
import { dnsFilter } from "./questions.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const dnsMismatchedAnswer: Rule = {
  id: "dns-mismatched-answer",
  severity: "warning",
  group: "dns",
  title: "DNS answers do not match what was asked",
  cause:
    "Answers with another id, port or question, or a second and different answer: an address translation that mixes up ports, a transparent DNS proxy, or somebody who forges answers.",
  remedy:
    "Find out who sends them: compare MAC and TTL of the odd answers with the others (unexpected-platform-mac, platform-ttl-change); turn off DNS interception in security software and on appliances.",
  detection:
    "An answer that matches no query by port, id and question, or that differs from an earlier answer to the same query. Answers in the first seconds of the capture, whose queries may have come before it, do not count, nor do those right after a jump of the clock.",
  confirm: 'Linux: "dig +qr @168.63.129.16 NAME" several times; "conntrack -L -p udp --dport 53".',
  source: "RFC 5452 section 9",
  thresholds: ["dnsPatienceMs", "oneWayPercent", "oneWayMinimumFlows"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return;
    const found = new Case();
    const reasons = new Set<string>();
    const names = new Set<string>();
    for (const mismatch of facts.dnsMismatches) {
      const packet = facts.packet(mismatch.packet);
      if (mismatch.reason !== "different-second-answer" && mayBeAskedYet(packet, facts)) continue;
      if (mismatch.reason === "no-query" && sinceStartMs(packet, facts) < thresholds.dnsPatienceMs) continue;
      found.add(mismatch.flow, [packet]);
      const first = mismatch.reason === "different-second-answer" ? (mismatch.relatedPacket ?? -1) : -1;
      if (first >= 0) found.show(facts.packet(first));
      reasons.add(REASONS[mismatch.reason]);
      names.add(mismatch.name);
    }
    const finding = found.finding({
      summary: `${counted(found.count, "answer that does", "answers that do")} not fit (${[...reasons].join(", ")}): ${[...names].slice(0, 5).join(", ")}.`,
      displayFilter: dnsFilter(facts, "dns.flags.response == 1"),
    });
    if (finding !== null) yield finding;
  },
};

/** In a session that goes on, the query may be read behind its answer. */
function mayBeAskedYet({ atNs }: PacketFact, { capture }: Facts): boolean {
  return capture.live && ((capture.endedNs ?? atNs) - atNs) / 1e6 < QUERY_MAY_COME_MS;
}

/** Since the capture began, or since the clock jumped ahead: what was asked before looks long over then. */
function sinceStartMs({ source, frame, atNs }: PacketFact, { capture }: Facts): number {
  let fromNs = capture.startedNs ?? atNs;
  for (const jump of capture.clockJumps) {
    if (jump.source === source && jump.frame <= frame && jump.toNs > jump.fromNs) fromNs = Math.max(fromNs, jump.toNs);
  }
  return (atNs - fromNs) / 1e6;
}

const REASONS = {
  "no-query": "no such query",
  "other-question": "another question",
  "other-id": "another id",
  "different-second-answer": "a second, different answer",
} as const;
