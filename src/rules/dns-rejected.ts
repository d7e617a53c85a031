/** An ICMP error answers a query. */
import { isTimeExceeded } from "../decode/icmp.ts";
import { MAX_FINDINGS_OF_RULE } from "../limits.ts";
import { Case } from "./case.ts";
import type { Facts, IcmpErrorFact, PacketFact } from "./facts.ts";
import { packetsThat } from "./flow-packets.ts";
import { isQueryRejection, queriesOf } from "./questions.ts";
import { allowOutbound } from "./remedies.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";

export const dnsRejected: Rule = {
  id: "dns-rejected",
  severity: "critical",
  group: "dns",
  title: "DNS queries are rejected by an ICMP error",
  cause:
    "A firewall or router that answers with ICMP forbids udp/53, or nobody listens there. The sender of the ICMP error is what rejects.",
  remedy: "Change the rule or route on the sender of the ICMP error so that UDP and TCP port 53 to 168.63.129.16 pass.",
  detection:
    "An ICMP destination-unreachable, time-exceeded or parameter-problem error quotes a query of the VM. The VM's own ICMP about an answer that came too late is something else, and so are a redirect and the errors that a traceroute to the port draws. A warning while other questions are answered.",
  confirm:
    'Linux: "dig @168.63.129.16 example.com" says connection refused or host unreachable; "iptables -S; nft list ruleset" on the sender of the ICMP error.',
  source: "RFC 792, RFC 1122 section 3.2.2.1",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const found = new Map<string, Case>();
    /** When the last error about each flow came. */
    const lastErrors = new Map<Case, Map<number, number>>();
    const isQuestion = questionsThatFailed(facts);
    for (const error of facts.icmpErrors) {
      if (!isQueryRejection(error, facts) || (isTimeExceeded(error.version, error.type) && !isQuestion(error)))
        continue;
      const entry = found.get(error.from) ?? new Case();
      found.set(error.from, entry);
      entry.add(error.flow, [facts.packet(error.packet)]);
      if (error.flow === null) continue;
      const ofSender = lastErrors.get(entry) ?? new Map<number, number>();
      lastErrors.set(entry, ofSender);
      ofSender.set(error.flow, Math.max(ofSender.get(error.flow) ?? error.atNs, error.atNs));
    }
    if (found.size === 0) return;
    // Of further senders, which are told as one case, the errors alone are shown: each could be about the same flow of many packets.
    for (const [entry, ofSender] of [...lastErrors].slice(0, MAX_FINDINGS_OF_RULE)) {
      for (const [flow, untilNs] of ofSender) {
        const isRejected = (packet: PacketFact): boolean => packet.toPlatform && packet.atNs <= untilNs;
        for (const packet of packetsThat(facts.packetsOf(flow), isRejected)) entry.show(packet);
      }
    }
    let answered = 0;
    for (const question of facts.dns) if (question.outcome === "answered") answered++;
    const platform = facts.platform.addresses[0] ?? "";
    for (const [from, entry] of found) {
      const finding = entry.finding({
        summary: `${counted(entry.count, "query", "queries")} to udp/53 of ${platform} rejected by an ICMP error from ${from}; ${answered === 0 ? "no question was answered" : `${answered} others were answered`}.`,
        severity: answered === 0 ? "critical" : "warning",
        remedy: `On ${from}: allow or route udp/53 to ${platform}. ${allowOutbound("udp", 53, platform)}`,
        displayFilter: "udp.port == 53 || icmp.type in {3, 11, 12} || icmpv6.type in {1, 3, 4}",
      });
      if (finding !== null) yield finding;
    }
  },
};

/** Tells whether an error is about a question without an answer, and not about a traceroute to the port, which runs out of hops on purpose. */
function questionsThatFailed(facts: Facts): (error: IcmpErrorFact) => boolean {
  let flows: Set<number | null> | null = null;
  return (error) => {
    flows ??= new Set(
      [...facts.notableDns].flatMap((question) =>
        question.outcome === "unanswered" ? [question.flow, ...queriesOf(facts, question).map(({ flow }) => flow)] : [],
      ),
    );
    return error.flow !== null && flows.has(error.flow);
  };
}
