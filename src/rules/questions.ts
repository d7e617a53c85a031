/** What rules about DNS have in common: the packets of a question, and findings over groups of them. */
import { isIcmpRejection } from "../decode/icmp.ts";
import { type Case, caseOf } from "./case.ts";
import type { DnsFact, Facts, IcmpErrorFact, PacketFact } from "./facts.ts";
import type { Finding } from "./rule.ts";
import { listed, platformFilter } from "./texts.ts";

/** The queries of a question, first try first. */
export function queriesOf(facts: Facts, question: DnsFact): PacketFact[] {
  return question.queryPackets.map((index) => facts.packet(index));
}

/** The answer's packet, in a list that is empty without one. */
export function answerOf(facts: Facts, question: DnsFact): PacketFact[] {
  return question.answerPacket === null ? [] : [facts.packet(question.answerPacket)];
}

/** IP protocol number of UDP. */
const UDP = 17;

/** An ICMP error that says that a query was not delivered. The VM's own about an answer that came too late, or a redirect, is not one. */
export function isQueryRejection(error: IcmpErrorFact, facts: Facts): boolean {
  return (
    error.quotedProtocol === UDP &&
    error.quotedPlatformPort === 53 &&
    !facts.platform.addresses.includes(error.to) &&
    isIcmpRejection(error.version, error.type, error.code)
  );
}

/** "a.example, b.example and 3 more", each name once. */
export function namesOf(questions: readonly DnsFact[]): string {
  return listed(questions.map((question) => question.name));
}

/** Display filter for DNS with the platform, narrowed by `and`. */
export function dnsFilter(facts: Facts, and: string): string {
  return `dns && ${platformFilter(facts)}${and === "" ? "" : ` && ${and}`}`;
}

/** One finding for all questions that `matches`, shown by `evidence`. */
export function* findingOfQuestions(
  questions: Iterable<DnsFact>,
  matches: (question: DnsFact) => boolean,
  evidence: (question: DnsFact) => PacketFact[],
  textsOf: (
    group: readonly DnsFact[],
    found: Case,
  ) => Pick<Finding, "summary" | "severity" | "cause" | "remedy" | "displayFilter"> | null,
): Iterable<Finding> {
  const group: DnsFact[] = [];
  const found = caseOf(new Map<number, Case>(), 0);
  for (const question of questions) {
    if (!matches(question)) continue;
    group.push(question);
    found.add(question.flow, evidence(question));
  }
  if (group.length === 0) return;
  const texts = textsOf(group, found);
  const finding = texts && found.finding(texts);
  if (finding) yield finding;
}
