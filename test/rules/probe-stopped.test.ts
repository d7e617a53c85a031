import { expect, test } from "vitest";
import { probeStopped } from "../../src/rules/probe-stopped.ts";
import { captureFacts, factsOf, probeFact, probeSeriesFact, seconds } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const series = probeSeriesFact([0, 1, 2, 3].map((flow) => probeFact(flow)));
const ending = (at: number) => captureFacts({ endedNs: seconds(at) });

test("three intervals without a probe are told", () => {
  expect(found(probeStopped, factsOf({ probes: [series], capture: ending(35) }))).toEqual([
    {
      summary: "tcp probe of 10.0.0.4:8080 came every 5 s, 4 times, and then not for 15 s.",
      severity: "warning",
      count: 1,
      packets: [3],
      flows: [3],
    },
  ]);
});

test("less than three intervals are silent", () => {
  expect(found(probeStopped, factsOf({ probes: [series], capture: ending(34.9) }))).toEqual([]);
});

test("three probes are too few for a series", () => {
  expect(
    found(probeStopped, factsOf({ probes: [{ ...series, probes: series.probes.slice(1) }], capture: ending(600) })),
  ).toEqual([]);
});
