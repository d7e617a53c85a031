import { expect, test } from "vitest";
import { dnsSlow } from "../../src/rules/dns-slow.ts";
import { dnsFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("an answer after more than a second is told with query and answer", () => {
  expect(found(dnsSlow, factsOf({ dns: [dnsFact(0, { responseMs: 1001 })] }))).toEqual([
    {
      summary: "1 slow answer; the slowest took 1 s (example.com): example.com.",
      severity: "warning",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("exactly a second is silent", () => {
  expect(found(dnsSlow, factsOf({ dns: [dnsFact(0, { responseMs: 1000 })] }))).toEqual([]);
});
