import type { Command } from "commander";
import type { CommandContext } from "../command.ts";
export function defineRead(_program: Command, _context: CommandContext): void {}
