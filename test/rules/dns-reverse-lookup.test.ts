import { expect, test } from "vitest";
import { dnsReverseLookup } from "../../src/rules/dns-reverse-lookup.ts";
import { dnsFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("a reverse lookup of the platform address is told", () => {
  const dns = [dnsFact(0, { name: "16.129.63.168.in-addr.arpa", type: "PTR", rcode: "NXDOMAIN" })];
  expect(found(dnsReverseLookup, factsOf({ dns }))).toEqual([
    {
      summary: "1 reverse lookup of the platform address; it never gives a name.",
      severity: "notice",
      count: 1,
      packets: [0],
      flows: [0],
    },
  ]);
});

test("a reverse lookup of another address is silent", () => {
  expect(
    found(dnsReverseLookup, factsOf({ dns: [dnsFact(0, { name: "4.0.0.10.in-addr.arpa", type: "PTR" })] })),
  ).toEqual([]);
});
