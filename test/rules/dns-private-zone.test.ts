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
      summary: "1 name of a private endpoint, 1 answer with a public address: acct.blob.core.windows.net.",
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

test("a privatelink name with a search list's suffix behind it is silent", () => {
  const zone = "acct.privatelink.blob.core.windows.net";
  const expanded = dnsFact(0, { name: `${zone}.corp.contoso.com`, rcode: "NXDOMAIN", answers: [] });
  const cluster = dnsFact(1, { name: `${zone}.cluster.local`, rcode: "NXDOMAIN", answers: [] });
  const wanted = dnsFact(2, { name: zone, answers: [address("10.0.5.4")] });
  expect(found(dnsPrivateZone, factsOf({ dns: [expanded, cluster, wanted] }))).toEqual([]);
});

test("a name that is asked for again is one name", () => {
  const missing = { name: "acct.privatelink.blob.core.windows.net", rcode: "NXDOMAIN", answers: [] };
  const dns = [dnsFact(0, missing), dnsFact(1, missing)];
  expect(found(dnsPrivateZone, factsOf({ dns }))[0]?.summary).toBe(
    "1 name of a private endpoint, 2 answers NXDOMAIN: acct.privatelink.blob.core.windows.net.",
  );
});
