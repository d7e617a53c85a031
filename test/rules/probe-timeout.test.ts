import { expect, test } from "vitest";
import { probeTimeout } from "../../src/rules/probe-timeout.ts";
import { factsOf, probeFact, probeSeriesFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("a probe that ends so is told with its packets", () => {
  const series = probeSeriesFact([probeFact(0), probeFact(1, { outcome: "unanswered", requestUnanswered: true })]);
  expect(found(probeTimeout, factsOf({ probes: [series] }))).toEqual([
    {
      summary: "Probes without an answer in time: 1 of 2 (tcp probe of 10.0.0.4:8080).",
      severity: "critical",
      count: 1,
      packets: [1],
      flows: [1],
    },
  ]);
});

test("its nearest neighbour is another rule or none", () => {
  const series = probeSeriesFact([probeFact(0), probeFact(1, { outcome: null, requestUnanswered: true })]);
  expect(found(probeTimeout, factsOf({ probes: [series] }))).toEqual([]);
});
