import { expect, test } from "vitest";
import { probeRefused } from "../../src/rules/probe-refused.ts";
import { factsOf, probeFact, probeSeriesFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("a probe that ends so is told with its packets", () => {
  const series = probeSeriesFact([probeFact(0), probeFact(1, { outcome: "refused" })]);
  expect(found(probeRefused, factsOf({ probes: [series] }))).toEqual([
    {
      summary: "Probes refused with RST: 1 of 2 (tcp probe of 10.0.0.4:8080).",
      severity: "critical",
      count: 1,
      packets: [1],
      flows: [1],
    },
  ]);
});

test("its nearest neighbour is another rule or none", () => {
  const series = probeSeriesFact([probeFact(0), probeFact(1, { outcome: "unanswered" })]);
  expect(found(probeRefused, factsOf({ probes: [series] }))).toEqual([]);
});
