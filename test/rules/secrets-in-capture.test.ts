import { expect, test } from "vitest";
import { secretsInCapture } from "../../src/rules/secrets-in-capture.ts";
import { factsOf, httpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("a signature in clear text is told by its kind and never by its value", () => {
  expect(found(secretsInCapture, factsOf({ http: [httpFact(0, { secrets: ["sas-signature"] })] }))).toEqual([
    {
      summary: "1 request with secrets in clear text: sas-signature.",
      severity: "notice",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("requests without secrets are silent", () => {
  expect(found(secretsInCapture, factsOf({ http: [httpFact(0)] }))).toEqual([]);
});
