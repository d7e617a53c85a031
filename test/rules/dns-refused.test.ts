import { expect, test } from "vitest";
import { dnsRefused } from "../../src/rules/dns-refused.ts";
import { dnsFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("REFUSED is told with the names and shown by the answers", () => {
  expect(
    found(dnsRefused, factsOf({ dns: [dnsFact(0), dnsFact(1, { name: "a.example", rcode: "REFUSED" })] })),
  ).toEqual([
    { summary: "1 question answered REFUSED: a.example.", severity: "warning", count: 1, packets: [3], flows: [1] },
  ]);
});

test("other answers are silent", () => {
  expect(found(dnsRefused, factsOf({ dns: [dnsFact(0), dnsFact(1, { rcode: "NXDOMAIN" })] }))).toEqual([]);
});
