/** `vipscope completion SHELL`: what a shell needs to complete vipscope's words. */
import { Argument, type Command } from "commander";
import type { CommandContext } from "../command.ts";

/** Shells that completion is written for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

const EXAMPLES = `
Examples:
  source <(vipscope completion bash)                 in ~/.bashrc: for every bash
  vipscope completion zsh > ~/.zfunc/_vipscope       ~/.zfunc in fpath at compinit
  vipscope completion fish > ~/.config/fish/completions/vipscope.fish
`;

export function defineCompletion(program: Command, { io }: CommandContext): void {
  program
    .command("completion")
    .summary("print the completion for a shell")
    .description(
      "Prints a script with which bash, zsh or fish complete commands, options, formats, rules and services.",
    )
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .addHelpText("after", EXAMPLES)
    .action(async (shell: Shell) => {
      const { completionScript } = await import("../completion.ts");
      io.stdout.write(completionScript(shell, program));
    });
}
