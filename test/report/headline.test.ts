import { expect, test } from "vitest";
import { headlineOf } from "../../src/report/headline.ts";
import type { ServiceName, ServiceSummary } from "../../src/report/report.ts";

function healthy(service: ServiceName, succeeded: number): ServiceSummary {
  const counts = { flows: 1, succeeded, failed: 0, responseMs: null };
  return { service, verdict: "healthy", summary: "", ...counts, anomalies: [] };
}

test("a service of which nothing came to its end, as in a capture of one direction, is not said to work", () => {
  expect(headlineOf({ services: [healthy("wireserver", 3), healthy("dns", 0)], anomalies: [] })).toEqual({
    state: "healthy",
    text: "WireServer works; nothing is wrong",
  });
  expect(headlineOf({ services: [healthy("dns", 0)], anomalies: [] })).toEqual({
    state: "not-seen",
    text: "nothing of DNS came to its end, so that nobody knows whether it works",
  });
});
