/** `vipscope diff BEFORE.json AFTER.json`: what got better or worse after a change. */
import { type Command, Option } from "commander";
import type { CommandContext } from "../command.ts";

/** The options as commander hands them over. */
export interface DiffOptions {
  format: "text" | "json";
}

const EXAMPLES = `
Worse is a service with a worse verdict or with twice the median, and an
anomaly of severity warning or critical that came, became more severe or
more frequent. Counts are compared as they are, so both captures should
take about as long.

Exit status:
  0  nothing is worse
  1  something is worse
  2  the command line or a report was unusable

Examples:
  vipscope read before.pcapng --format json --output before.json
  vipscope read after.pcapng --format json --output after.json
  vipscope diff before.json after.json
  vipscope diff before.json after.json --format json | jq '.anomalies[] | select(.change == "worse")'
`;

export function defineDiff(program: Command, context: CommandContext): void {
  program
    .command("diff")
    .summary("say what got better or worse between two JSON reports")
    .description("Compares two reports of --format json: what got better or worse after a change.")
    .argument("<before>", "report of before the change")
    .argument("<after>", "report of after it")
    .addOption(new Option("-f, --format <name>", "form of the comparison").choices(["text", "json"]).default("text"))
    .addHelpText("after", EXAMPLES)
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { diffReports } = await import("../diff-reports.ts");
      await diffReports(before, after, options, context);
    });
}
