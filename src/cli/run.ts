/** Carries out a command line and answers with its exit status. Every error becomes one line and, where something helps, a hint. */
import { Command, CommanderError } from "commander";
import { InputError } from "../capture/input-error.ts";
import { VERSION } from "../version.ts";
import type { CommandContext } from "./command.ts";
import { COMMANDS } from "./commands/all.ts";
import { ExitStatus } from "./exit-status.ts";
import type { Io } from "./io.ts";
import { OutputClosed } from "./stream-sink.ts";
import { UsageError } from "./usage-error.ts";

const EXAMPLES = `
Examples:
  vipscope read capture.pcapng                    what is wrong, why, and what to do
  vipscope read eth0.pcap eth1.pcap               several captures as one, by time
  vipscope read capture.pcap --format json        the whole report for a program
  tcpdump -w - host 168.63.129.16 | vipscope read -
`;

/** Runs `words`, the command line without the program's own name. */
export async function run(words: readonly string[], io: Io): Promise<ExitStatus> {
  const context: CommandContext = { io, status: ExitStatus.ok };
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

function programOf(context: CommandContext): Command {
  const { io } = context;
  const program = new Command("vipscope");
  program
    .description(
      "Reads the traffic between an Azure VM and its platform address 168.63.129.16: what is wrong, why, what to do.",
    )
    .version(VERSION)
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError(false)
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: () => {},
    })
    .exitOverride();
  for (const define of COMMANDS) define(program, context);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
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
