import { expect, test } from "vitest";
import { hostError } from "../../src/rules/host-error.ts";
import { factsOf, httpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const failed = (id: number, status = 502) =>
  httpFact(id, { service: "hostga-plugin", operation: "put-status", status, errorCode: "InternalError" });

test("two errors without a later success are told", () => {
  expect(found(hostError, factsOf({ http: [failed(0), failed(1)] }))).toEqual([
    {
      summary: "2 answers 502 from HostGAPlugin (tcp/32526) to put-status (InternalError), and no success after them.",
      severity: "warning",
      count: 2,
      packets: [0, 1, 2, 3],
      flows: [0, 1],
    },
  ]);
});

test("errors that are followed by success are silent", () => {
  expect(found(hostError, factsOf({ http: [failed(0), failed(1), failed(2, 200)] }))).toEqual([]);
});

test("one error is silent", () => {
  expect(found(hostError, factsOf({ http: [failed(0)] }))).toEqual([]);
});

test("400 to a request by hand proves that the platform answers", () => {
  const byHand = (id: number) => httpFact(id, { operation: null, target: "/", status: 400 });
  expect(found(hostError, factsOf({ http: [byHand(0), byHand(1)] }))).toEqual([]);
});
