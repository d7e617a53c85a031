import { expect, test } from "vitest";
import { dnsPolicyBlocked } from "../../src/rules/dns-policy-blocked.ts";
import { dnsFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("an alias of the block name is told", () => {
  const answers = [{ name: "bad.example", type: "CNAME", data: "blockpolicy.azuredns.invalid" }];
  expect(found(dnsPolicyBlocked, factsOf({ dns: [dnsFact(0, { name: "bad.example", answers })] }))).toEqual([
    {
      summary: "1 question blocked by a DNS security policy: bad.example.",
      severity: "warning",
      count: 1,
      packets: [1],
      flows: [0],
    },
  ]);
});

test("another alias is silent", () => {
  const answers = [{ name: "bad.example", type: "CNAME", data: "blockpolicy.azuredns.invalid.example" }];
  expect(found(dnsPolicyBlocked, factsOf({ dns: [dnsFact(0, { answers })] }))).toEqual([]);
});
