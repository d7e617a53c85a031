import { expect, test } from "vitest";
import { responseSlow } from "../../src/rules/response-slow.ts";
import { captureFacts, factsOf, httpFact, seconds } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("an answer after more than three seconds is told", () => {
  expect(found(responseSlow, factsOf({ http: [httpFact(0, { responseMs: 3001 }), httpFact(1)] }))).toEqual([
    {
      summary: "1 slow answer of WireServer (tcp/80); the slowest took 3 s (goal-state).",
      severity: "warning",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("exactly three seconds are silent", () => {
  expect(found(responseSlow, factsOf({ http: [httpFact(0, { responseMs: 3000 })] }))).toEqual([]);
});

test("a slow answer to a health probe is another rule", () => {
  expect(found(responseSlow, factsOf({ http: [httpFact(0, { service: "health-probe", responseMs: 4000 })] }))).toEqual(
    [],
  );
});

test("an answer within whose waiting the capture's clock jumped is silent", () => {
  const http = [httpFact(0, { requestedNs: 0, responseMs: 7_200_000 })];
  const clockJumps = [{ source: 0, frame: 2, fromNs: 0, toNs: seconds(7200) }];
  expect(found(responseSlow, factsOf({ http, capture: captureFacts({ clockJumps }) }))).toEqual([]);
});
