/** Every command, in the order in which help shows them. */
import type { DefineCommand } from "../command.ts";
import { defineRead } from "./read.ts";

export const COMMANDS: readonly DefineCommand[] = [defineRead];
