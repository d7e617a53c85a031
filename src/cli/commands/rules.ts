/** `vipscope rules`: the catalogue as a table. */
import { type Command, Option } from "commander";
import type { CommandContext } from "../command.ts";
import { wantsColour } from "../io.ts";

export function defineRules(program: Command, context: CommandContext): void {
  program
    .command("rules")
    .summary("list the rules by which anomalies are found")
    .description("Lists the rules by which anomalies are found.")
    .addOption(
      new Option("-f, --format <name>", "form of the list").choices(["text", "markdown", "json"]).default("text"),
    )
    .addHelpText("after", "\nExamples:\n  vipscope rules\n  vipscope rules --format json | jq '.[].id'\n")
    .action(async ({ format }: { format: string }) => {
      const { io } = context;
      const { rulesText } = await import("../rule-texts.ts");
      io.stdout.write(rulesText(format, wantsColour(io.stdout, io.env)));
    });
}
