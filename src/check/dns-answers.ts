/** What an answer, or silence, to a DNS question means. */
import type { DnsDetails } from "../report/check-report.ts";
import type { Outcome } from "./check-test.ts";
import { outcomeOf, outcomeWords } from "./connect.ts";
import { milliseconds } from "./texts.ts";

/** A name that every resolver of the platform can find. */
export const ASKED_NAME = "microsoft.com";

/** Answers that say that the resolver works, whether it knows the name or not. */
const GOOD_RCODES: readonly string[] = ["NOERROR", "NXDOMAIN"];

/** The outcome of a question for an address. */
export function answered(details: DnsDetails): Outcome<DnsDetails> {
  const { rcode, answers, name, type } = details;
  if (rcode === null) return { result: "failed", summary: `${type} ${name}: ${silence(details)}.`, details };
  const told = `${type} ${name}: ${rcode} in ${milliseconds(details.responseMs ?? 0)}`;
  if (!GOOD_RCODES.includes(rcode)) return { result: "warning", summary: `${told}.`, details };
  const more = answers.length > 1 ? ` and ${answers.length - 1} more` : "";
  return { result: "passed", summary: answers.length === 0 ? `${told}.` : `${told}, ${answers[0]}${more}.`, details };
}

/** What came instead of an answer. */
export function silence({ error, queries, transport }: DnsDetails): string {
  const outcome = outcomeOf(error ?? "ETIMEDOUT");
  const words = outcomeWords(outcome, error);
  return transport === "udp" && outcome === "unanswered" ? `${words} to ${queries} queries` : words;
}
