/** What a command of the command line is. */
import type { Command } from "commander";
import type { ExitStatus } from "./exit-status.ts";
import type { Io } from "./io.ts";

/** What a command is given, and how it says how it ended. */
export interface CommandContext {
  readonly io: Io;
  /** Status of the process; `ok` until it is set. */
  status: ExitStatus;
}

/** Adds one command to the program. Its work is imported when it runs, so that help and the other commands start fast. */
export type DefineCommand = (program: Command, context: CommandContext) => void;
