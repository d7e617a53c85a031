import { expect, test } from "vitest";
import { dnsNxdomain } from "../../src/rules/dns-nxdomain.ts";
import { dnsFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const missing = (id: number, name: string, type = "A") => dnsFact(id, { name, type, rcode: "NXDOMAIN", answers: [] });

test("names that do not exist are told once each", () => {
  const dns = [missing(0, "typo.example"), missing(1, "typo.example", "AAAA"), missing(2, "gone.example")];
  expect(found(dnsNxdomain, factsOf({ dns }))).toEqual([
    {
      summary: "2 names do not exist: typo.example, gone.example.",
      severity: "notice",
      count: 3,
      packets: [1, 3, 5],
      flows: [0, 1, 2],
    },
  ]);
});

test("expansions by a search list are silent", () => {
  const dns = [
    missing(0, "www.example.com.abc.ax.internal.cloudapp.net"),
    missing(1, "www.example.com.corp.example"),
    dnsFact(2, { name: "www.example.com" }),
  ];
  expect(found(dnsNxdomain, factsOf({ dns }))).toEqual([]);
});

test("reverse lookups, loop probes and privatelink names are silent", () => {
  const dns = [
    missing(0, "4.0.0.10.in-addr.arpa", "PTR"),
    missing(1, "123.456", "HINFO"),
    missing(2, "a.privatelink.blob.core.windows.net"),
  ];
  expect(found(dnsNxdomain, factsOf({ dns }))).toEqual([]);
});
