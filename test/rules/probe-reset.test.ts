import { expect, test } from "vitest";
import { probeReset } from "../../src/rules/probe-reset.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
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

test("a reset takes an HTTP probe's backend out, and a TCP probe's not", () => {
  const causeOf = (kind: "tcp" | "http") => {
    const series = probeSeriesFact([probeFact(0, { outcome: "reset" })], { kind });
    return [...probeReset.find(factsOf({ probes: [series] }), DEFAULT_THRESHOLDS)][0]?.cause ?? probeReset.cause;
  };
  expect(causeOf("tcp")).toContain("The handshake counts as success");
  expect(causeOf("http")).toContain("takes the backend out");
});
