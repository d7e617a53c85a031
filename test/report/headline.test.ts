import { expect, test } from "vitest";
import { headlineOf } from "../../src/report/headline.ts";
import type { CaptureProblem, ServiceName, ServiceSummary } from "../../src/report/report.ts";
import { reportOf } from "../support/report.ts";

function healthy(service: ServiceName, succeeded: number): ServiceSummary {
  const counts = { flows: 1, succeeded, failed: 0, responseMs: null };
  return { service, verdict: "healthy", summary: "", ...counts, anomalies: [] };
}

const captured = (...problems: CaptureProblem[]) => ({ ...reportOf().capture, problems });

test("a service of which nothing came to its end, as in a capture of one direction, is not said to work", () => {
  expect(
    headlineOf({ services: [healthy("wireserver", 3), healthy("dns", 0)], anomalies: [], capture: captured() }),
  ).toEqual({
    state: "healthy",
    text: "WireServer works; nothing is wrong",
  });
  expect(headlineOf({ services: [healthy("dns", 0)], anomalies: [], capture: captured() })).toEqual({
    state: "not-seen",
    text: "nothing of DNS came to its end, so that nobody knows whether it works",
  });
});

test("a capture that was cut is said to be known in part; one that is still written is not cut", () => {
  const services = [healthy("dns", 1)];
  const problem = { source: 0, message: "", offsetBytes: null, count: 1 };
  const textWith = (code: string) =>
    headlineOf({ services, anomalies: [], capture: captured({ ...problem, code }) }).text;
  expect(textWith("cut-record")).toBe("DNS works; nothing is wrong; the capture could be read only in part");
  expect(textWith("still-being-written")).toBe("DNS works; nothing is wrong");
});
