/** Carries out a command line and answers with its exit status. Every error becomes one line and, where something helps, a hint. */
import { existsSync } from "node:fs";
import { type Command, CommanderError } from "commander";
import { safeString } from "../bytes/text.ts";
import { reasonOf } from "../capture/file-fault.ts";
import { InputError } from "../capture/input-error.ts";
import { UsageError } from "../settings/usage-error.ts";
import type { CommandContext } from "./command.ts";
import { ExitStatus } from "./exit-status.ts";
import type { Io } from "./io.ts";
import { programOf } from "./program.ts";
import { OutputClosed } from "./stream-sink.ts";

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
  const program = programOf(context);
  try {
    await parsed(words, program);
    return context.status;
  } catch (error) {
    if (error instanceof OutputClosed) return context.status;
    if (error instanceof CommanderError) return commanderStatus(error, words, program, io);
    if (error instanceof UsageError || error instanceof InputError) return refuse(error.message, error.hint, io);
    throw error;
  }
}

/** Commander takes help for an unknown command to be help for all of them. */
async function parsed(words: readonly string[], program: Command): Promise<void> {
  const [first, topic] = words;
  const isKnown = topic === undefined || topic === "help" || isCommand(topic, program);
  if (first !== "help" || isKnown) await program.parseAsync(words, { from: "user" });
  else throw new UsageError("unknown-command", `there is no command "${topic}"`, GENERAL_HINT);
}

function isCommand(word: string, program: Command): boolean {
  return program.commands.some((command) => command.name() === word);
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
function commanderStatus(error: CommanderError, words: readonly string[], program: Command, io: Io): ExitStatus {
  if (error.exitCode === 0) return ExitStatus.ok;
  if (error.code === "commander.help") return ExitStatus.unusable;
  const [line = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = rest
    .join(" ")
    .trim()
    .replace(/^\(|\)$/g, "");
  return refuse(line, suggestion === "" ? hintFor(words[0] ?? "", program) : suggestion, io);
}

const GENERAL_HINT = "vipscope --help tells what there is";

/** What to try after a command line that begins with `word`: a capture alone is meant to be read. */
function hintFor(word: string, program: Command): string {
  if (isCommand(word, program)) return `vipscope ${word} --help tells what it takes`;
  return existsSync(word) ? `A capture is read with: vipscope read ${safeString(word)}` : GENERAL_HINT;
}

function refuse(message: string, hint: string | null, io: Io): ExitStatus {
  io.stderr.write(`vipscope: ${message}\n`);
  if (hint !== null) io.stderr.write(`  ${hint}\n`);
  return ExitStatus.unusable;
}
