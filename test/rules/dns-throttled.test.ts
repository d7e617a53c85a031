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

test("an outage on a busy VM, where many wait and nothing at all is answered, is no throttling", () => {
  expect(found(dnsThrottled, factsOf({ dns: asked(900, 20, 0) }))).toEqual([]);
  expect(found(dnsThrottled, factsOf({ dns: asked(900, 20, 300) }))).toEqual([]);
});

test("the questions that waited already when too many did are part of the case", () => {
  const slow = asked(300, 5, 200).map((one) => (one.outcome === "answered" ? { ...one, responseMs: 2000 } : one));
  expect(found(dnsThrottled, factsOf({ dns: slow })).map(({ count }) => count)).toEqual([100]);
});
