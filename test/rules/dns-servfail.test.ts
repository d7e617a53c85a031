import { expect, test } from "vitest";
import { dnsServfail } from "../../src/rules/dns-servfail.ts";
import { dnsFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("SERVFAIL is told with the names and shown by the answers", () => {
  expect(
    found(dnsServfail, factsOf({ dns: [dnsFact(0), dnsFact(1, { name: "a.example", rcode: "SERVFAIL" })] })),
  ).toEqual([
    { summary: "1 question answered SERVFAIL: a.example.", severity: "warning", count: 1, packets: [3], flows: [1] },
  ]);
});

test("other answers are silent", () => {
  expect(found(dnsServfail, factsOf({ dns: [dnsFact(0), dnsFact(1, { rcode: "NXDOMAIN" })] }))).toEqual([]);
});
