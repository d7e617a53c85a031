/** `vipscope interfaces`: what NICs there are, which is the primary one and why, and which can be captured. */
import { type Command, Option } from "commander";
import type { CommandContext } from "../command.ts";

/** The options as commander hands them over. */
export interface InterfacesOptions {
  format: "text" | "json";
}

/** Adds the command to the program. */
export function defineInterfaces(program: Command, context: CommandContext): void {
  program
    .command("interfaces")
    .summary("list the NICs: addresses, which is primary and why, which can be captured")
    .description("Lists the machine's network interfaces, the primary one first.")
    .addOption(new Option("-f, --format <name>", "form of the list").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      "\nExamples:\n  vipscope interfaces\n  vipscope interfaces --format json | jq '.interfaces[].name'\n",
    )
    .action(async (options: InterfacesOptions) => {
      const { listInterfaces } = await import("../list-interfaces.ts");
      listInterfaces(options, context);
    });
}
