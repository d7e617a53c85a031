import { expect, test } from "vitest";
import { containerMismatch } from "../../src/rules/container-mismatch.ts";
import { factsOf, httpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const refused = (id: number, operation = "vm-settings", errorCode: string | null = "InvalidContainerConfiguration") =>
  httpFact(id, { service: "hostga-plugin", operation, status: 400, errorCode });

test("two answers 400 are told with the code that they name", () => {
  expect(found(containerMismatch, factsOf({ http: [refused(0), refused(1)] }))).toEqual([
    {
      summary: "2 answers 400 from HostGAPlugin (tcp/32526): InvalidContainerConfiguration.",
      severity: "warning",
      count: 2,
      packets: [0, 1, 2, 3],
      flows: [0, 1],
    },
  ]);
});

test("one is silent", () => {
  expect(found(containerMismatch, factsOf({ http: [refused(0)] }))).toEqual([]);
});

test("a success after them is silent", () => {
  const success = httpFact(2, { service: "hostga-plugin", operation: "vm-settings", status: 304 });
  expect(found(containerMismatch, factsOf({ http: [refused(0), refused(1), success] }))).toEqual([]);
});

test("cache misses of artifact downloads are silent", () => {
  const miss = (id: number) => refused(id, "extension-artifact", null);
  expect(found(containerMismatch, factsOf({ http: [miss(0), miss(1), miss(2)] }))).toEqual([]);
});
