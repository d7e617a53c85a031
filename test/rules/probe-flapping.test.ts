import { expect, test } from "vitest";
import { probeFlapping } from "../../src/rules/probe-flapping.ts";
import { factsOf, probeFact, probeSeriesFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const down = (flow: number) => probeFact(flow, { outcome: "refused" });

test("two falls are told", () => {
  const series = probeSeriesFact([probeFact(0), down(1), probeFact(2), down(3)]);
  expect(found(probeFlapping, factsOf({ probes: [series] }))).toEqual([
    {
      summary: "tcp probe of 10.0.0.4:8080 went down 2 times.",
      severity: "warning",
      count: 2,
      packets: [1, 3],
      flows: [1, 3],
    },
  ]);
});

test("one fall, however long, is silent", () => {
  const series = probeSeriesFact([probeFact(0), down(1), down(2), probeFact(3)]);
  expect(found(probeFlapping, factsOf({ probes: [series] }))).toEqual([]);
});
