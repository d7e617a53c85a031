/** Carries `vipscope diff` out. */
import { open } from "node:fs/promises";
import { safeString } from "../bytes/text.ts";
import { reasonOf } from "../capture/file-fault.ts";
import { MAX_REPORT_BYTES } from "../limits.ts";
import { diffText } from "../output/diff-text.ts";
import { type ComparedReport, compareReports } from "../report/compare-reports.ts";
import { NotAReport, readReport } from "../report/read-report.ts";
import { UsageError } from "../settings/usage-error.ts";
import type { CommandContext } from "./command.ts";
import type { DiffOptions } from "./commands/diff.ts";
import { ExitStatus } from "./exit-status.ts";

/** Compares the two files and writes what changed. */
export async function diffReports(
  before: string,
  after: string,
  { format }: DiffOptions,
  context: CommandContext,
): Promise<void> {
  const diff = compareReports([before, await reportIn(before)], [after, await reportIn(after)]);
  context.io.stdout.write(format === "json" ? `${JSON.stringify(diff, null, 2)}\n` : diffText(diff));
  context.status = diff.change === "worse" ? ExitStatus.anomalies : ExitStatus.ok;
}

async function reportIn(path: string): Promise<ComparedReport> {
  const name = safeString(path);
  const text = await textOf(path, name);
  try {
    return readReport(text);
  } catch (error) {
    if (!(error instanceof NotAReport)) throw error;
    const hint = "vipscope read CAPTURE --format json --output REPORT.json writes one";
    throw new UsageError("not-a-report", `${name} is no report of vipscope: ${error.message}`, hint);
  }
}

async function textOf(path: string, name: string): Promise<string> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => unreadable(name, error));
  try {
    const { size } = await file.stat();
    if (size > MAX_REPORT_BYTES)
      throw new UsageError("report-too-large", `${name} is larger than ${MAX_REPORT_BYTES / 1e6} MB`);
    return await file.readFile("utf8").catch((error: NodeJS.ErrnoException) => unreadable(name, error));
  } finally {
    await file.close();
  }
}

function unreadable(name: string, error: NodeJS.ErrnoException): never {
  const reason = error.code === "ENOENT" ? "no such file" : reasonOf(error);
  throw new UsageError("report-not-readable", `${name}: ${reason}`);
}
