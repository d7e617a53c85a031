/** Connectivity tests that somebody made by hand while the capture ran, and what they showed. */
import type { ManualTest } from "../../report/report.ts";
import { clock, count, endpoint } from "../../report/values.ts";
import { type Markup, markup } from "./markup.ts";
import { section } from "./section.ts";

/** The section; null without tests. Their number is bounded by the report. */
export function manualTestsSection(tests: readonly ManualTest[]): Markup | null {
  if (tests.length === 0) return null;
  return section(
    "manual-tests",
    "Tests by hand",
    tests.length,
    markup`<div class="scroll" tabindex="0" role="group" aria-label="Tests by hand">
<table class="plain"><caption class="hidden">Connectivity tests that somebody made while the capture ran</caption>
<thead><tr><th scope="col">Started</th><th scope="col">Made with</th><th scope="col">From</th><th scope="col">To</th><th scope="col" class="number">Answered</th><th scope="col">What it showed</th></tr></thead>
<tbody>${tests.map(testRow)}</tbody></table></div>`,
  );
}

function testRow({ startedAt, tool, certainty, vm, platform, tries, answered, summary }: ManualTest): Markup {
  return markup`<tr><td>${clock(startedAt)}</td><td>${tool}${certainty === "likely" && " (likely)"}</td><td class="mono">${vm.address}</td><td class="mono">${endpoint(platform.address, platform.port)}</td><td class="number">${count(answered)} of ${count(tries)}</td><td class="wide">${summary}</td></tr>
`;
}
