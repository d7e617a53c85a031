import { expect, test } from "vitest";
import { unexpectedPlatformMac } from "../../src/rules/unexpected-platform-mac.ts";
import { factsOf, nicFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const usual = { mac: "12:34:56:78:9a:bc", nic: 0, packets: 20, evidence: [1], flows: [0] };
const odd = { mac: "02:00:00:00:00:99", nic: 0, packets: 2, evidence: [4, 5], flows: [1] };

test("packets from another MAC than the gateway's are told", () => {
  const platform = { ...factsOf().platform, sourceMacs: [usual, odd] };
  expect(found(unexpectedPlatformMac, factsOf({ platform }))).toEqual([
    {
      summary: "2 packets from the platform came from 02:00:00:00:00:99; the other 20 from 12:34:56:78:9a:bc.",
      severity: "warning",
      count: 2,
      packets: [4, 5],
      flows: [1],
    },
  ]);
});

test("one MAC alone is silent, whatever it is", () => {
  const platform = { ...factsOf().platform, sourceMacs: [odd] };
  expect(found(unexpectedPlatformMac, factsOf({ platform }))).toEqual([]);
});

test("a bridge's MAC on a container interface is silent", () => {
  const nics = [nicFact(0), nicFact(1, { inner: true })];
  const platform = { ...factsOf().platform, nics, sourceMacs: [usual, { ...odd, nic: 1 }] };
  expect(found(unexpectedPlatformMac, factsOf({ platform }))).toEqual([]);
});
