/** Writes the man page from the commands, in the macros of man(7). */
import type { Command, Option } from "commander";
import { VERSION } from "../src/version.ts";

/** When the page last changed in substance. */
const DATE = "2026-11-28";

/** The whole page. `helpAfter` gives what a command's help has behind its options: notes, exit status, examples. */
export function manPage(program: Command, helpAfter: (command: Command) => string): string {
  const commands = program.commands;
  return [
    `.TH VIPSCOPE 1 "${DATE}" "vipscope ${VERSION}" "User Commands"`,
    ".SH NAME",
    "vipscope \\- say what is wrong between an Azure VM and its platform address",
    ".SH SYNOPSIS",
    ...commands.flatMap((command, index) => [
      ...(index === 0 ? [] : [".br"]),
      `.B vipscope ${escaped(command.name())}`,
      escaped(command.usage()),
    ]),
    ".SH DESCRIPTION",
    escaped(program.description()),
    ...commands.flatMap((command) => commandSection(command, helpAfter(command))),
    "",
  ].join("\n");
}

function commandSection(command: Command, after: string): string[] {
  return [
    `.SH VIPSCOPE ${escaped(command.name().toUpperCase())}`,
    escaped(command.description()),
    ...command.registeredArguments.flatMap((one) => [
      ".TP",
      `.I ${escaped(one.name())}`,
      escaped(withChoices(one.description, one.argChoices)),
    ]),
    ...command.options.flatMap(optionLines),
    ...(after.trim() === "" ? [] : [".PP", ".nf", escaped(after.trim()), ".fi"]),
  ];
}

function optionLines(option: Option): string[] {
  return [".TP", `.B ${escaped(option.flags)}`, escaped(withChoices(option.description, option.argChoices))];
}

function withChoices(text: string, choices: readonly string[] | undefined): string {
  return choices === undefined ? text : `${text}: ${choices.join(", ")}`;
}

/** Text that roff takes as it stands: backslashes, hyphens that may be copied, and lines that would be requests. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/^([.'])/gm, "\\&$1");
}
