import { expect, test } from "vitest";
import { platformTtlChange } from "../../src/rules/platform-ttl-change.ts";
import { factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const usual = { service: "wireserver", ipVersion: 4, ttl: 128, packets: 30, evidence: [1, 2], flows: [0] } as const;

test("another TTL of the same service is told", () => {
  const odd = { service: "wireserver", ipVersion: 4, ttl: 61, packets: 1, evidence: [7], flows: [3] } as const;
  const platform = { ...factsOf().platform, timeToLives: [usual, odd] };
  expect(found(platformTtlChange, factsOf({ platform }))).toEqual([
    {
      summary: "Of what the platform sent, 1 packet of wireserver had TTL 61, the other 30 TTL 128.",
      severity: "warning",
      count: 1,
      packets: [7],
      flows: [3],
    },
  ]);
});

test("a change on several services is one finding", () => {
  const odd = (service: "wireserver" | "hostga-plugin", packet: number) =>
    ({ service, ipVersion: 4, ttl: 61, packets: 2, evidence: [packet], flows: [packet] }) as const;
  const platform = {
    ...factsOf().platform,
    timeToLives: [
      usual,
      odd("wireserver", 7),
      { ...usual, service: "hostga-plugin" } as const,
      odd("hostga-plugin", 9),
    ],
  };
  expect(found(platformTtlChange, factsOf({ platform }))).toEqual([
    {
      summary:
        "Of what the platform sent, 2 packets of wireserver had TTL 61, the other 30 TTL 128; 2 packets of hostga-plugin had TTL 61, the other 30 TTL 128.",
      severity: "warning",
      count: 4,
      packets: [7, 9],
      flows: [7, 9],
    },
  ]);
});

test("a TTL that comes as often as the first one is a change as well", () => {
  const odd = { service: "wireserver", ipVersion: 4, ttl: 127, packets: 30, evidence: [7], flows: [3] } as const;
  const platform = { ...factsOf().platform, timeToLives: [usual, odd] };
  expect(found(platformTtlChange, factsOf({ platform })).map(({ summary }) => summary)).toEqual([
    "Of what the platform sent, 30 packets of wireserver had TTL 127, the other 30 TTL 128.",
  ]);
});

test("a TTL one below an initial value shows a hop", () => {
  const platform = { ...factsOf().platform, timeToLives: [{ ...usual, ttl: 127 }] };
  expect(found(platformTtlChange, factsOf({ platform }))[0]?.summary).toBe(
    "Of what the platform sent, all packets of wireserver had TTL 127, which looks like 1 hop after 128.",
  );
});

test("services with TTLs of their own are silent", () => {
  const platform = { ...factsOf().platform, timeToLives: [usual, { ...usual, service: "dns", ttl: 64 } as const] };
  expect(found(platformTtlChange, factsOf({ platform }))).toEqual([]);
});

test("what the VM forwards for its containers is silent", () => {
  const inner = { service: "wireserver", ipVersion: 4, ttl: 127, packets: 3, evidence: [9], flows: [5] } as const;
  const platform = { ...factsOf().platform, timeToLives: [usual, inner] };
  expect(found(platformTtlChange, factsOf({ platform, translatedFlows: [{ original: 5, translated: 6 }] }))).toEqual(
    [],
  );
});

test("IPv6 may have a hop limit of its own", () => {
  const other = { ...usual, ipVersion: 6, ttl: 64 } as const;
  const platform = { ...factsOf().platform, timeToLives: [usual, other] };
  expect(found(platformTtlChange, factsOf({ platform }))).toEqual([]);
});
