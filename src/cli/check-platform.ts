/** Carries `vipscope check` out: runs it, shows how far it is, writes the report, and sets the exit status. */
import { chown } from "node:fs/promises";
import { parseIpv4 } from "../bytes/address.ts";
import { invokingUser } from "../capture/live/privileges.ts";
import type { CheckCapturing } from "../check/capture.ts";
import { type CheckOutcome, check } from "../check/check.ts";
import { thisHost } from "../check/host.ts";
import type { TextSink } from "../output/form.ts";
import type { CheckVerdict } from "../report/check-report.ts";
import type { Severity } from "../report/report.ts";
import { UsageError } from "../settings/usage-error.ts";
import { millisecondsOf } from "./amounts.ts";
import { NO_CHECK_PROGRESS, progressOfCheck } from "./check-progress.ts";
import type { CommandContext } from "./command.ts";
import type { CheckCommandOptions } from "./commands/check.ts";
import { ExitStatus, type FailLevel, isAtLeast } from "./exit-status.ts";
import { type Io, wantsColour } from "./io.ts";
import { requireWritable, writeOutputFile } from "./output-file.ts";
import { streamSink } from "./stream-sink.ts";

/** Runs the check. */
export async function checkPlatform(options: CheckCommandOptions, context: CommandContext): Promise<void> {
  const { io } = context;
  const { address, write, failOn } = options;
  if (parseIpv4(address) === null) throw new UsageError("bad-address", `"${address}" is no IPv4 address`);
  const timeoutMs = millisecondsOf(options.timeout, "--timeout");
  if (write !== undefined && !options.capture) {
    throw new UsageError("nothing-to-write", "--write keeps captured packets, and --no-capture captures none");
  }
  if (options.output !== undefined) await requireWritable(options.output);
  if (write !== undefined) await requireWritable(write, { inPlace: true });
  const host = thisHost(address);
  const progress = options.progress && io.stderr.isTTY === true ? progressOfCheck(io.stderr) : NO_CHECK_PROGRESS;
  const guard = new SignalGuard();
  const outcome = await check(
    { address, timeoutMs, host, capture: options.capture, write: write ?? null, listener: progress },
    (capture) => guard.watch(capture),
  ).finally(() => {
    progress.finish();
    guard.forget();
  });
  try {
    context.status = checkStatus(outcome.report.verdict, failOn);
    await writeCheck(outcome, options, io);
    if (write !== undefined) await handOver(write, outcome, io);
  } finally {
    outcome.close();
  }
}

/** The exit status of a verdict. */
export function checkStatus(verdict: CheckVerdict, failOn: FailLevel): ExitStatus {
  const severity = severityOf(verdict);
  return severity !== null && isAtLeast(severity, failOn) ? ExitStatus.anomalies : ExitStatus.ok;
}

function severityOf(verdict: CheckVerdict): Severity | null {
  if (verdict === "working") return null;
  return verdict === "degraded" || verdict === "unknown" ? "warning" : "critical";
}

async function writeCheck(outcome: CheckOutcome, { format, output }: CheckCommandOptions, io: Io): Promise<void> {
  const { report, packetLines: packets } = outcome;
  const write = async (sink: TextSink, colour: boolean): Promise<void> => {
    if (format === "json") {
      await (await import("../output/check-json.ts")).writeCheckJson(report, sink);
      return;
    }
    await (await import("../output/check-text.ts")).writeCheckText({ check: report, packets, colour }, sink);
  };
  if (output === undefined) await write(streamSink(io.stdout), wantsColour(io.stdout, io.env));
  else await writeOutputFile(output, (sink) => write(sink, false));
}

/** Under sudo the packets belong to whoever called it. What was asked to be kept and was not is said. */
async function handOver(path: string, { recordingProblem }: CheckOutcome, io: Io): Promise<void> {
  if (recordingProblem !== null) {
    io.stderr.write(`vipscope: no packets were kept: ${recordingProblem}\n`);
    return;
  }
  const user = invokingUser(process.env, process.getuid?.() ?? null);
  if (user !== null) await chown(path, user.uid, user.gid);
}

/** A check that is ended by a signal leaves no capture behind. */
class SignalGuard {
  private capture: CheckCapturing | null = null;
  private readonly end = (signal: NodeJS.Signals): void => {
    this.forget();
    const abandoned = this.capture?.abandon() ?? Promise.resolve();
    void abandoned.finally(() => process.kill(process.pid, signal));
  };

  constructor() {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, this.end);
  }

  watch(capture: CheckCapturing): void {
    this.capture = capture;
  }

  forget(): void {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, this.end);
  }
}
