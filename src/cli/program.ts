/** The command line as commander knows it: what runs it, and what completion and the man page are generated from. */
import { Command } from "commander";
import { VERSION } from "../version.ts";
import type { CommandContext } from "./command.ts";
import { COMMANDS } from "./commands/all.ts";

const EXAMPLES = `
Examples:
  vipscope read capture.pcapng                    what is wrong, why, and what to do
  vipscope read eth0.pcap eth1.pcap               several captures as one, by time
  vipscope read capture.pcap --format json        the whole report for a program
  tcpdump -w - host 168.63.129.16 | vipscope read -
`;

/** The program with all its commands. It writes to the context's streams, and throws instead of ending the process. */
export function programOf(context: CommandContext): Command {
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
