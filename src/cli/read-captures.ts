/** Carries `vipscope read` out: opens, analyses, writes, and sets the exit status. */
import { analyze } from "../analyzer.ts";
import { openCapture } from "../capture/merge.ts";
import type { SourceFacts } from "../capture/source-facts.ts";
import { analysisOptionsOf } from "./analysis-options.ts";
import type { CommandContext } from "./command.ts";
import type { ReadOptions } from "./commands/read.ts";
import { statusOf } from "./exit-status.ts";
import { NO_PROGRESS, type Progress, progressOn } from "./progress.ts";
import { reportTarget, writeReport } from "./write-report.ts";

/** Reads `names` as one capture and writes its report. */
export async function readCaptures(
  names: readonly string[],
  options: ReadOptions,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  const { format, output = null, table = null } = options;
  const target = reportTarget({ format, path: output, table });
  const analysisOptions = await analysisOptionsOf(options);
  const progress =
    options.progress && io.stderr.isTTY === true ? progressOn(io.stderr, () => performance.now()) : NO_PROGRESS;
  const analysis = await analyze(
    (openOptions) => openCapture(names, openOptions),
    analysisOptions,
    (sources) => showReading(progress, sources),
  ).finally(() => progress.finish());
  try {
    const report = analysis.finish();
    context.status = statusOf(report.anomalies, analysis.isFaulty, options.failOn);
    await writeReport(report, analysis.packetLines(), target, io);
  } finally {
    analysis.close();
  }
}

function showReading(progress: Progress, sources: readonly SourceFacts[]): void {
  const read = sources.reduce((sum, facts) => sum + facts.readBytes, 0);
  const totals = sources.map((facts) => facts.totalBytes);
  const total = totals.reduce<number | null>((sum, bytes) => (sum === null || bytes === null ? null : sum + bytes), 0);
  progress.update(read, total);
}
