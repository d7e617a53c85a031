import { expect, test } from "vitest";
import { dnsSlow } from "../../src/rules/dns-slow.ts";
import { dnsFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("an answer after more than a second is told with query and answer", () => {
  expect(found(dnsSlow, factsOf({ dns: [dnsFact(0, { responseMs: 1001 })] }))).toEqual([
    {
      summary: "1 slow answer, for example.com: it took 1 s.",
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

test("several are told with the slowest", () => {
  const dns = [dnsFact(0, { responseMs: 1500 }), dnsFact(1, { name: "b.example", responseMs: 5003, retries: 1 })];
  expect(found(dnsSlow, factsOf({ dns }))[0]?.summary).toBe(
    "2 slow answers, 1 of them to a retry; the slowest took 5 s (b.example): example.com, b.example.",
  );
});
