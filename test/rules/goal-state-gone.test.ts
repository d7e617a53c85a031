import { expect, test } from "vitest";
import { goalStateGone } from "../../src/rules/goal-state-gone.ts";
import { factsOf, httpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const gone = (id: number) =>
  httpFact(id, { service: "hostga-plugin", operation: "vm-settings", status: 410, errorCode: "ResourceGone" });

test("two answers 410 without a goal state between them are told", () => {
  expect(found(goalStateGone, factsOf({ http: [gone(0), gone(1)] }))).toEqual([
    {
      summary: "2 answers 410 from HostGAPlugin (tcp/32526) without a new goal state in between (ResourceGone).",
      severity: "warning",
      count: 2,
      packets: [0, 1, 2, 3],
      flows: [0, 1],
    },
  ]);
});

test("a goal state between them is how the agent learns of a move", () => {
  expect(found(goalStateGone, factsOf({ http: [gone(0), httpFact(1), gone(2)] }))).toEqual([]);
});

test("a single 410 is silent", () => {
  expect(found(goalStateGone, factsOf({ http: [gone(0)] }))).toEqual([]);
});
