/** `vipscope check`: the documented connectivity tests, run and explained. */
import { type Command, Option } from "commander";
import type { CommandContext } from "../command.ts";
import { FAIL_LEVELS, type FailLevel } from "../exit-status.ts";

/** The options of `check` as commander hands them over. */
export interface CheckCommandOptions {
  address: string;
  timeout: string;
  /** False with --no-capture. */
  capture: boolean;
  write?: string;
  format: "text" | "json";
  output?: string;
  failOn: FailLevel;
  /** False with --no-progress. */
  progress: boolean;
}

const EXAMPLES = `
It only reads, and sends requests that change nothing. As root it
captures beside the tests and reads the firewall's rules, and can then
tell what the VM stops from what is lost beyond it; without root it does
what it can and says what it could not.

Exit status:
  0  it works (or nothing is wrong at or above the level of --fail-on)
  1  something is wrong: "degraded" and "unknown" count as warning,
     every other verdict as critical
  2  the command line was unusable; nothing was tested

Examples:
  sudo vipscope check
  sudo vipscope check --write check.pcapng
  vipscope check --format json | jq '{verdict, ports, remedy}'
  sudo vipscope check --address 10.62.144.140        of a Classic deployment
`;

/** Adds the command to the program. */
export function defineCheck(program: Command, context: CommandContext): void {
  program
    .command("check")
    .summary("test the way to the platform from this VM, and say what is wrong with it")
    .description(
      "Runs the documented connectivity tests from this VM while it captures their packets: NICs, address, route, TCP, HTTP, DNS, " +
        "DHCP lease, hops, firewall and proxy. Gives one verdict, with the remedy and what was ruled out.",
    )
    .option("--address <address>", "the platform's IPv4 address", "168.63.129.16")
    .option("--timeout <time>", "how long one attempt waits for an answer", "3s")
    .option("--no-capture", "do not capture the packets of the tests")
    .option("-w, --write <file>", "keep the packets as pcapng")
    .addOption(new Option("-f, --format <name>", "form of the report").choices(["text", "json"]).default("text"))
    .option("-o, --output <file>", "write the report to a file, whole or not at all")
    .addOption(
      new Option("--fail-on <severity>", "from which severity on the exit status is 1")
        .choices(FAIL_LEVELS)
        .default("warning"),
    )
    .option("--no-progress", "no progress line on the terminal")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CheckCommandOptions) => {
      const { checkPlatform } = await import("../check-platform.ts");
      await checkPlatform(options, context);
    });
}
