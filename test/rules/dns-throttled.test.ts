import { expect, test } from "vitest";
import { dnsThrottled } from "../../src/rules/dns-throttled.ts";
import { dnsFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const asked = (count: number, everyMs: number, lostFrom: number) =>
  Array.from({ length: count }, (_, id) =>
    dnsFact(id, {
      askedNs: id * everyMs * 1e6,
      ...(id >= lostFrom ? ({ outcome: "unanswered", responseMs: null, answerPacket: null } as const) : {}),
    }),
  );

test("more than a thousand queries in a second with answers missing are told", () => {
  const [only] = found(dnsThrottled, factsOf({ dns: asked(1002, 0.9, 1000) }));
  expect(only?.summary).toBe(
    "Up to 1002 queries in a second and 3 waiting at once; 2 questions of that time got no answer.",
  );
  expect(only?.packets).toEqual([2000, 2002]);
});

test("a thousand queries in a second are silent", () => {
  expect(found(dnsThrottled, factsOf({ dns: asked(1100, 1, 1099) }))).toEqual([]);
});

test("many queries that are all answered are silent", () => {
  expect(found(dnsThrottled, factsOf({ dns: asked(1500, 0.5, 1500) }))).toEqual([]);
});
