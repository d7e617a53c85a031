import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES } from "../../src/rules/all.ts";
import { EXPLANATIONS } from "../../src/rules/explains.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { dhcpFact, dnsFact, factsOf, flowFact, httpFact, probeFact, probeSeriesFact } from "../support/facts.ts";

const IDS = RULES.map((rule) => rule.id);

test("the catalogue has its sixty-one rules, each with an id of its own", () => {
  expect(new Set(IDS).size).toBe(61);
  expect(IDS).toHaveLength(61);
});

test("every rule stands in the file of its name", () => {
  const sources = readdirSync(new URL("../../src/rules", import.meta.url));
  expect(IDS.filter((id) => !sources.includes(`${id}.ts`))).toEqual([]);
});

test.each(RULES.map((rule) => [rule.id, rule] as const))("%s says what it is in sentences", (_, rule) => {
  for (const text of [rule.title, rule.cause, rule.remedy, rule.detection, rule.confirm, rule.source]) {
    expect(text.length).toBeGreaterThan(7);
  }
  expect(rule.title).not.toMatch(/\.$/);
});

test.each(RULES.map((rule) => [rule.id, rule] as const))("%s is silent when nothing was seen", (_, rule) => {
  expect([...rule.find(factsOf(), DEFAULT_THRESHOLDS)]).toEqual([]);
});

test.each(RULES.map((rule) => [rule.id, rule] as const))("%s is silent on healthy traffic", (_, rule) => {
  const healthy = factsOf({
    flows: [0, 1, 2].map((id) => flowFact(id)),
    dns: [dnsFact(0)],
    dhcp: [dhcpFact(0)],
    http: [0, 1, 2].map((id) => httpFact(id)),
    probes: [probeSeriesFact([0, 1, 2].map((flow) => probeFact(flow)))],
    capture: { ...factsOf().capture, endedNs: 20e9, durationMs: 20_000 },
  });
  expect([...rule.find(healthy, DEFAULT_THRESHOLDS)]).toEqual([]);
});

test("explanations name rules that there are", () => {
  const named = EXPLANATIONS.flatMap(({ rule, explained }) => [rule, ...explained]);
  expect(named.filter((id) => !IDS.includes(id))).toEqual([]);
});
