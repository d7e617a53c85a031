/** Carries `vipscope read` out: opens, analyses, writes, and sets the exit status. */
import { analyze } from "../index.ts";
import { countOf } from "./amounts.ts";
import { settingsOf } from "./analysis-options.ts";
import type { CommandContext } from "./command.ts";
import type { ReadOptions } from "./commands/read.ts";
import { statusOf } from "./exit-status.ts";
import { letThreadsGiveWay } from "./give-way.ts";
import { requireWritable } from "./output-file.ts";
import { progressOf } from "./progress.ts";
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
  if (output !== null && (target.form.tables === undefined || table !== null)) await requireWritable(output);
  const settings = await settingsOf(options);
  letThreadsGiveWay();
  const progress = progressOf(io.stderr, options.progress);
  const analysis = await analyze(names, {
    ...settings,
    jobs: countOf(options.jobs, "--jobs"),
    onProgress: (read, total) => progress.update(read, total),
  }).finally(() => progress.finish());
  try {
    context.status = statusOf(analysis.view.anomalies, !analysis.isComplete, options.failOn);
    await writeReport(analysis.view, analysis.packetLines, target, io);
  } finally {
    analysis.close();
  }
}
