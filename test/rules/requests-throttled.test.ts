import { expect, test } from "vitest";
import { requestsThrottled } from "../../src/rules/requests-throttled.ts";
import { factsOf, httpFact, seconds } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const throttled = (id: number, at: number) => httpFact(id, { status: 429, respondedNs: seconds(at) });

test("six within a minute are told", () => {
  const http = [0, 10, 20, 30, 40, 60].map((at, id) => throttled(id, at));
  expect(found(requestsThrottled, factsOf({ http }))).toEqual([
    {
      summary: "6 answers 429 from WireServer (tcp/80), at least 6 of them within 60 s.",
      severity: "warning",
      count: 6,
      packets: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      flows: [0, 1, 2, 3, 4, 5],
    },
  ]);
});

test("six over more than a minute are silent", () => {
  expect(
    found(requestsThrottled, factsOf({ http: [0, 10, 20, 30, 40, 60.1].map((at, id) => throttled(id, at)) })),
  ).toEqual([]);
});

test("five are silent", () => {
  expect(found(requestsThrottled, factsOf({ http: [0, 1, 2, 3, 4].map((at, id) => throttled(id, at)) }))).toEqual([]);
});
