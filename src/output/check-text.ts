/** The check as a page for a person at night: the answer, what to do, what it is not, then each test. 100 columns. */
import { safeString } from "../bytes/text.ts";
import { wrapTo } from "../bytes/text-columns.ts";
import type { CheckReport, CheckResult, CheckTest, CheckVerdict } from "../report/check-report.ts";
import { CHECK_TEST_TITLES, CHECK_VERDICT_WORDS } from "../report/check-titles.ts";
import type { PacketLines } from "../report/packet-line.ts";
import { counted, span } from "../report/values.ts";
import type { TextSink } from "./form.ts";
import { evidenceLines } from "./text/anomalies.ts";
import { type Cell, type Column, labelledAdvice, TEXT_COLUMNS, tableLines } from "./text/layout.ts";
import { ANSI_PAINT, type Colouring, NO_PAINT, type Paint } from "./text/paint.ts";

const INDENT = 2;
const LABEL_COLUMNS = 11;

/** What the page is made of. */
export interface CheckTextInput {
  readonly check: CheckReport;
  readonly packets: PacketLines;
  readonly colour: boolean;
}

/** Writes it. */
export async function writeCheckText({ check, packets, colour }: CheckTextInput, sink: TextSink): Promise<void> {
  const paint = colour ? ANSI_PAINT : NO_PAINT;
  const headline = wrapTo(`${CHECK_VERDICT_WORDS[check.verdict]}: ${safeString(check.summary)}`, TEXT_COLUMNS);
  const lines = [
    ...headline.map(verdictColour(check.verdict, paint)),
    ...adviceLines(check),
    ...evidenceOf(check, packets, paint),
    "",
    paint.strong("Tests"),
    ...testLines(check.tests, paint),
    "",
    ...captureLines(check),
  ];
  await sink.write(`${lines.join("\n")}\n`);
}

function adviceLines({ cause, remedy, ruledOut }: CheckReport): string[] {
  const section = (label: string, text: string): string[] =>
    labelledAdvice(label, safeString(text), INDENT, LABEL_COLUMNS);
  const lines = [
    ...(cause === null ? [] : section("Cause", cause)),
    ...(remedy === null ? [] : section("Remedy", remedy)),
    ...ruledOut.flatMap((sentence, index) => section(index === 0 ? "Ruled out" : "", sentence)),
  ];
  return lines.length === 0 ? [] : ["", ...lines];
}

/** The packets of the first test that failed. */
function evidenceOf({ tests, report }: CheckReport, packets: PacketLines, paint: Paint): string[] {
  const failed = tests.find((test) => test.result === "failed" && test.packets.length > 0);
  if (failed === undefined) return [];
  const quoted = evidenceLines(failed.packets, packets, report?.capture.sources.length ?? 1, paint);
  return ["", paint.strong(`What the wire showed: ${CHECK_TEST_TITLES[failed.id]}`), ...quoted];
}

function testLines(tests: readonly CheckTest[], paint: Paint): string[] {
  const columns: Column[] = [
    { title: "Result" },
    { title: "Test" },
    { title: "Took", align: "right" },
    { title: "", flexible: true, wraps: true },
  ];
  const rows = tests.map((test): Cell[] => [
    { text: RESULT_WORDS[test.result], colouring: resultColour(test.result, paint) },
    { text: CHECK_TEST_TITLES[test.id] },
    { text: test.durationMs === 0 ? "" : span(test.durationMs) },
    { text: test.summary },
  ]);
  return tableLines(columns, rows, INDENT, paint.faint);
}

const RESULT_WORDS: Readonly<Record<CheckResult, string>> = {
  passed: "passed",
  failed: "FAILED",
  warning: "WARNING",
  "not-available": "not available",
  skipped: "skipped",
};

function resultColour(result: CheckResult, paint: Paint): Colouring {
  switch (result) {
    case "passed":
      return paint.good;
    case "failed":
      return paint.bad;
    case "warning":
      return paint.doubtful;
    case "not-available":
    case "skipped":
      return paint.faint;
    default:
      return result satisfies never;
  }
}

function verdictColour(verdict: CheckVerdict, paint: Paint): Colouring {
  if (verdict === "working") return paint.good;
  return verdict === "degraded" || verdict === "unknown" ? paint.doubtful : paint.bad;
}

function captureLines({ capture, captureMissing, durationMs, address }: CheckReport): string[] {
  const took = `Tested ${address} in ${span(durationMs)}.`;
  if (capture !== null) return [`${took} Captured ${counted(capture.packets, "packet")} with ${capture.backend}.`];
  const missing = captureMissing === null ? "" : ` Without packets: ${safeString(captureMissing)}`;
  return wrapTo(took + missing, TEXT_COLUMNS);
}
