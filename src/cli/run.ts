/** Carries out a command line and answers with its exit status. Every error becomes one line and, where something helps, a hint. */
import { CommanderError } from "commander";
import { reasonOf } from "../capture/file-fault.ts";
import { InputError } from "../capture/input-error.ts";
import type { CommandContext } from "./command.ts";
import { ExitStatus } from "./exit-status.ts";
import type { Io } from "./io.ts";
import { programOf } from "./program.ts";
import { OutputClosed } from "./stream-sink.ts";
import { UsageError } from "./usage-error.ts";

/** Runs `words`, the command line without the program's own name. */
export async function run(words: readonly string[], io: Io): Promise<ExitStatus> {
  const context: CommandContext = { io, status: ExitStatus.ok };
  const output = watchOutput(io);
  const status = await statusAfter(words, context);
  await output.written();
  return output.fault() ?? status;
}

async function statusAfter(words: readonly string[], context: CommandContext): Promise<ExitStatus> {
  const { io } = context;
  try {
    await programOf(context).parseAsync(words, { from: "user" });
    return context.status;
  } catch (error) {
    if (error instanceof OutputClosed) return context.status;
    if (error instanceof CommanderError) return commanderStatus(error, io);
    if (error instanceof UsageError || error instanceof InputError) return refuse(error.message, error.hint, io);
    throw error;
  }
}

/** A reader that went away (`| head`) has what it wants. Anything else that standard output cannot take is told, once, and is a failure. */
function watchOutput(io: Io): { written(): Promise<void>; fault(): ExitStatus | null } {
  let status: ExitStatus | null = null;
  io.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || status !== null) return;
    status = refuse(`cannot write to standard output: ${reasonOf(error)}`, null, io);
  });
  io.stderr.on("error", () => {}); // there is nobody left to tell
  return {
    written: () => new Promise((resolve) => io.stdout.write("", () => resolve())),
    fault: () => status,
  };
}

/** Help and version end well; everything else that commander refuses is a usage error in its words. */
function commanderStatus(error: CommanderError, io: Io): ExitStatus {
  if (error.exitCode === 0) return ExitStatus.ok;
  if (error.code === "commander.help") return ExitStatus.unusable;
  const [line = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = rest
    .join(" ")
    .trim()
    .replace(/^\(|\)$/g, "");
  return refuse(line, suggestion === "" ? "vipscope --help tells what there is" : suggestion, io);
}

function refuse(message: string, hint: string | null, io: Io): ExitStatus {
  io.stderr.write(`vipscope: ${message}\n`);
  if (hint !== null) io.stderr.write(`  ${hint}\n`);
  return ExitStatus.unusable;
}
