/** A capture that is cut in two anywhere never shows a critical anomaly that the whole does not show, but for what is unfinished at the cut. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { EXPLANATIONS } from "../../src/rules/explains.ts";
import { analyzeBytes } from "../support/analyze.ts";
import { CAPTURES } from "../support/captures.ts";

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const CUTS_OF_ONE_CAPTURE = 6;

/** The little-endian pcap files, which can be cut between records by their lengths alone. */
const PLAIN = CAPTURES.filter(
  (path) => path.endsWith(".pcap") && [0xa1b2c3d4, 0xa1b23c4d].includes(readFileSync(path).readUInt32LE(0)),
);

/** Offsets at which a record begins, but the first. */
function recordStarts(bytes: Buffer): number[] {
  const starts: number[] = [];
  for (let at = FILE_HEADER_BYTES; at + RECORD_HEADER_BYTES <= bytes.length; ) {
    if (at > FILE_HEADER_BYTES) starts.push(at);
    at += RECORD_HEADER_BYTES + bytes.readUInt32LE(at + 8);
  }
  return starts;
}

/** The critical rules of a report. */
const criticalRules = (report: Report) =>
  report.anomalies.filter((one) => one.severity === "critical").map((one) => one.rule);

/**
 * Rules that the whole shows at any severity, for what is a warning beside successes is critical where the cut leaves none; and rules that
 * a fault of the whole explains, for the cut may have taken the fault away and left what it causes.
 */
function knownRules(report: Report): Set<string> {
  const shown = report.anomalies.map((one) => one.rule);
  const explained = EXPLANATIONS.filter((one) => shown.includes(one.rule)).flatMap((one) => one.explained);
  return new Set([...shown, ...explained]);
}

describe("a capture cut in two", () => {
  test.each(PLAIN)(
    "%s shows nothing critical that the whole does not",
    async (path) => {
      const bytes = readFileSync(path);
      const starts = recordStarts(bytes);
      if (starts.length === 0) return;
      const whole = knownRules((await analyzeBytes(bytes)).report);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...starts), async (cut) => {
          const header = bytes.subarray(0, FILE_HEADER_BYTES);
          for (const part of [bytes.subarray(0, cut), Buffer.concat([header, bytes.subarray(cut)])]) {
            const { report } = await analyzeBytes(part);
            expect(criticalRules(report).filter((rule) => !whole.has(rule))).toEqual([]);
          }
        }),
        { numRuns: CUTS_OF_ONE_CAPTURE, seed: 4242 },
      );
    },
    60_000,
  );
});
