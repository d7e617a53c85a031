import { expect, test } from "vitest";
import { writeCheckJson } from "../../src/output/check-json.ts";
import { writeCheckText } from "../../src/output/check-text.ts";
import type { CheckReport } from "../../src/report/check-report.ts";
import { NO_PACKET_LINES } from "../../src/report/packet-line.ts";
import { checkReportOf, testOf } from "../support/check.ts";
import { reportOf } from "../support/report.ts";
import { checkFaults } from "../support/schema.ts";
import { gatheringSink } from "../support/text-sink.ts";

async function textOf(check: CheckReport, colour = false): Promise<string> {
  const sink = gatheringSink();
  await writeCheckText({ check, packets: NO_PACKET_LINES, colour }, sink);
  return sink.pieces.join("");
}

test("a check that works is a verdict and its tests", async () => {
  const text = await textOf(checkReportOf());
  expect(text.split("\n").slice(0, 6)).toEqual([
    "WORKING: 168.63.129.16 answers as it should: WireServer, HostGAPlugin and DNS.",
    "",
    "Tests",
    "  Result   Test                         Took",
    "  passed   Network interfaces       1.500 ms  The interfaces test.",
    "  passed   Address                  1.500 ms  The address test.",
  ]);
  expect(text.trimEnd().split("\n").at(-1)).toBe(
    "Tested 168.63.129.16 in 812.5 ms. Without packets: Not permitted to capture. Run it with sudo.",
  );
});

test("a fault has cause, remedy and what was ruled out before the tests", async () => {
  const text = await textOf(
    checkReportOf({
      ...{ verdict: "refused", summary: "It turns tcp/80 down.", cause: "The host.", remedy: 'Do "this".' },
      ...{ ruledOut: ["eth0 is up.", "No rule stops it."], captureMissing: null },
      capture: { backend: "cap", packets: 12 },
    }),
  );
  expect(text.split("\n").slice(0, 8)).toEqual([
    "REFUSED: It turns tcp/80 down.",
    "",
    "  Cause      The host.",
    '  Remedy     Do "this".',
    "  Ruled out  eth0 is up.",
    "             No rule stops it.",
    "",
    "Tests",
  ]);
  expect(text).toContain("Captured 12 packets with cap.");
});

test("no line is wider than the page, and nothing moves the cursor", async () => {
  const proxy = { settings: [], catchingVariable: null };
  const hostile = testOf("proxy", proxy, { summary: `\u001b[2J\u202e${"name ".repeat(60)}` });
  const text = await textOf(checkReportOf({ summary: `\u001b[2J${"word ".repeat(60)}`, tests: [hostile] }));
  expect(text).not.toContain("\u001b");
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
});

test("colours never carry meaning alone", async () => {
  const plain = await textOf(checkReportOf());
  const coloured = await textOf(checkReportOf(), true);
  expect(coloured).toContain("\u001b[32m");
  const withoutColours = coloured
    .split("\u001b[")
    .map((part, index) => (index === 0 ? part : part.replace(/^\d+m/, "")));
  expect(withoutColours.join("")).toBe(plain);
});

test.each([
  ["without a capture", checkReportOf()],
  ["with one", checkReportOf({ report: reportOf(), capture: { backend: "cap", packets: 120 }, captureMissing: null })],
])("the JSON %s keeps the contract and its order of keys", async (_, check) => {
  const sink = gatheringSink();
  await writeCheckJson(check, sink);
  const written = JSON.parse(sink.pieces.join(""));
  expect(checkFaults(written)).toEqual([]);
  expect(written).toEqual(check);
  expect(Object.keys(written)).toEqual(Object.keys(check));
});
