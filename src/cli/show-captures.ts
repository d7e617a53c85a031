/** Carries `vipscope read` out on a terminal: shows the screen while another thread reads. */
import { setTimeout as sleep } from "node:timers/promises";
import { safeString } from "../bytes/text.ts";
import type { ReadingProgress } from "../report/view-source.ts";
import { CaptureView } from "../view/capture-view.ts";
import { analysisOptionsOf } from "./analysis-options.ts";
import type { CommandContext } from "./command.ts";
import type { ReadOptions } from "./commands/read.ts";
import { statusOf } from "./exit-status.ts";
import { printHeadline, type ScreenTerminal, showScreen } from "./show-screen.ts";

/** What cannot be opened is told without a screen when that is known so soon, in milliseconds. A pipe may be silent for long. */
const OPEN_MS = 300;

/** From the bundle, which this file is part of. */
const WORKER: URL = new URL("../../bin/capture-worker.js", import.meta.url);

/** Shows `names`, read as one capture. */
export async function showCaptures(
  names: readonly string[],
  options: ReadOptions,
  terminal: ScreenTerminal,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  const { rules, ...choice } = await analysisOptionsOf(options);
  const view = new CaptureView(WORKER, { ...choice, names, rules: rules.map((rule) => rule.id) });
  try {
    await Promise.race([view.opened, sleep(OPEN_MS, undefined, { ref: false })]);
    view.refuseFailure();
    const end = await showScreen(view, terminal, titleOf(names), io);
    view.refuseFailure();
    if (end !== "quit") {
      process.kill(process.pid, end);
      return;
    }
    const { report } = await view.overview();
    context.status = statusOf(report.anomalies, view.isFaulty, options.failOn);
    printHeadline(report, unfinished(view.progress()), io);
  } finally {
    view.close();
    terminal.close();
  }
}

function titleOf(names: readonly string[]): string {
  return names.map((name) => (name === "-" ? "standard input" : safeString(name))).join(", ");
}

/** What was not read is said. */
function unfinished({ state, readBytes, totalBytes }: ReadingProgress): string | null {
  if (state !== "reading") return null;
  const share = totalBytes === null || totalBytes === 0 ? "" : ` at ${Math.floor((100 * readBytes) / totalBytes)} %`;
  return `(left${share}, before the end of the capture)`;
}
