import { expect, test } from "vitest";
import { probeReset } from "../../src/rules/probe-reset.ts";
import { factsOf, probeFact, probeSeriesFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("a probe that ends so is told with its packets", () => {
  const series = probeSeriesFact([probeFact(0), probeFact(1, { outcome: "reset" })]);
  expect(found(probeReset, factsOf({ probes: [series] }))).toEqual([
    {
      summary: "Probes reset after they were accepted: 1 of 2 (tcp probe of 10.0.0.4:8080).",
      severity: "warning",
      count: 1,
      packets: [1],
      flows: [1],
    },
  ]);
});

test("its nearest neighbour is another rule or none", () => {
  const series = probeSeriesFact([probeFact(0), probeFact(1, { outcome: "refused" })]);
  expect(found(probeReset, factsOf({ probes: [series] }))).toEqual([]);
});
