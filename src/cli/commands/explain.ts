/** `vipscope explain RULE`: what a rule means, how it is detected, and how to mend what it finds. */
import type { Command } from "commander";
import type { CommandContext } from "../command.ts";
import { wantsColour } from "../io.ts";

export function defineExplain(program: Command, context: CommandContext): void {
  program
    .command("explain")
    .summary("explain a rule: what it means, how it is detected, how to confirm and to mend it")
    .description("Explains a rule: what it means, how it is detected, how to confirm it and how to mend what it finds.")
    .argument("<rule>", "id of the rule, as in a report")
    .addHelpText("after", "\nExamples:\n  vipscope explain handshake-unanswered\n")
    .action(async (id: string) => {
      const { io } = context;
      const { explainText } = await import("../rule-texts.ts");
      io.stdout.write(explainText(id, wantsColour(io.stdout, io.env)));
    });
}
