import { expect, test } from "vitest";
import { dnsMismatchedAnswer } from "../../src/rules/dns-mismatched-answer.ts";
import { factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const mismatch = { packet: 7, flow: 1, reason: "other-id", name: "example.com", relatedPacket: 6 } as const;

test("an answer with another id is told", () => {
  expect(found(dnsMismatchedAnswer, factsOf({ dnsMismatches: [mismatch] }))).toEqual([
    {
      summary: "1 answer that do not fit (another id): example.com.",
      severity: "warning",
      count: 1,
      packets: [7],
      flows: [1],
    },
  ]);
});

test("an answer in the first seconds may belong to a query before the capture", () => {
  const facts = factsOf({ dnsMismatches: [{ ...mismatch, packet: 4, reason: "no-query" }] });
  expect(found(dnsMismatchedAnswer, facts)).toEqual([]);
});
