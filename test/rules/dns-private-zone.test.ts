import { expect, test } from "vitest";
import { dnsPrivateZone } from "../../src/rules/dns-private-zone.ts";
import { dnsFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const name = "acct.blob.core.windows.net";
const alias = { name, type: "CNAME", data: "acct.privatelink.blob.core.windows.net" };
const address = (data: string) => ({ name: "acct.privatelink.blob.core.windows.net", type: "A", data });

test("a private endpoint's name with a public address is told", () => {
  expect(
    found(dnsPrivateZone, factsOf({ dns: [dnsFact(0, { name, answers: [alias, address("203.0.113.9")] })] })),
  ).toEqual([
    {
      summary: "1 privatelink name: 0 NXDOMAIN, 1 with a public address: acct.blob.core.windows.net.",
      severity: "warning",
      count: 1,
      packets: [1],
      flows: [0],
    },
  ]);
});

test("a private address is silent", () => {
  expect(
    found(dnsPrivateZone, factsOf({ dns: [dnsFact(0, { name, answers: [alias, address("172.31.255.4")] })] })),
  ).toEqual([]);
});

test("NXDOMAIN for a privatelink name is told", () => {
  const dns = [dnsFact(0, { name: "acct.privatelink.blob.core.windows.net", rcode: "NXDOMAIN", answers: [] })];
  expect(found(dnsPrivateZone, factsOf({ dns }))).toHaveLength(1);
});

test("a public name without privatelink is silent", () => {
  expect(found(dnsPrivateZone, factsOf({ dns: [dnsFact(0)] }))).toEqual([]);
});
