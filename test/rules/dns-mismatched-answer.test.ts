import { expect, test } from "vitest";
import { dnsMismatchedAnswer } from "../../src/rules/dns-mismatched-answer.ts";
import { captureFacts, factsOf, packetFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const mismatch = { packet: 7, flow: 1, reason: "other-id", name: "example.com", relatedPacket: 6 } as const;

test("an answer with another id is told", () => {
  expect(found(dnsMismatchedAnswer, factsOf({ dnsMismatches: [mismatch] }))).toEqual([
    {
      summary: "1 answer that does not fit (another id): example.com.",
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

test("an answer right after the clock jumped ahead may belong to a query before the jump", () => {
  const jump = { source: 0, frame: 7, fromNs: 6e9, toNs: 7206e9 };
  const late = packetFact(7, { atNs: 7206.003e9 });
  const facts = factsOf({
    capture: captureFacts({ clockJumps: [jump] }),
    dnsMismatches: [{ ...mismatch, reason: "no-query" }],
    packets: { 1: [late] },
  });
  expect(found(dnsMismatchedAnswer, facts)).toEqual([]);
});

test("while packets still come, an answer's query has a second to be read behind it", () => {
  const answerNs = packetFact(mismatch.packet).atNs;
  const after = (ms: number, over: object = {}) =>
    found(
      dnsMismatchedAnswer,
      factsOf({
        capture: captureFacts({ live: true, endedNs: answerNs + ms * 1e6 }),
        dnsMismatches: [{ ...mismatch, ...over }],
      }),
    );
  expect(after(900)).toEqual([]);
  expect(after(1000)).toHaveLength(1);
  expect(after(0, { reason: "different-second-answer" })).toHaveLength(1);
});

test("two different answers are both shown", () => {
  const facts = factsOf({ dnsMismatches: [{ ...mismatch, reason: "different-second-answer" }] });
  expect(found(dnsMismatchedAnswer, facts)[0]?.packets).toEqual([6, 7]);
});
