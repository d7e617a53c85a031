import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { manPage } from "../../scripts/man-page.ts";
import { ExitStatus } from "../../src/cli/exit-status.ts";
import { programOf } from "../../src/cli/program.ts";
import { hasTool } from "../support/tools.ts";
import { gatheringStream } from "../support/vipscope.ts";

const out = gatheringStream();
const program = programOf({ io: { stdout: out.stream, stderr: out.stream, env: {} }, status: ExitStatus.ok });

/** What a command's help has behind the list of its options. */
function helpAfter(command: Command): string {
  const from = out.text().length;
  command.outputHelp();
  return out.text().slice(from).replace(command.helpInformation(), "");
}

test("the man page is the one that the commands give", async () => {
  await expect(manPage(program, helpAfter)).toMatchFileSnapshot("../../man/vipscope.1");
});

test.skipIf(!hasTool("mandoc", "-V"))("the man page is sound", () => {
  expect(execFileSync("mandoc", ["-Tlint", "-W", "warning", "man/vipscope.1"], { encoding: "utf8" })).toBe("");
});

test("an installation finds the man page", () => {
  // npm does not link the page of an installed package whose "man" is a single text.
  expect(JSON.parse(readFileSync("package.json", "utf8"))).toMatchObject({ man: ["./man/vipscope.1"] });
});

describe("help", () => {
  test.each(program.commands)("of $_name has examples", (command) => {
    expect(helpAfter(command)).toMatch(/\nExamples:\n {2}\S/);
  });

  test.each(program.commands)(
    "of $_name fits 80 columns, also where the man page indents it, but for its examples",
    (command) => {
      const [prose = ""] = helpAfter(command).split("Examples:");
      expect(prose.split("\n").filter((line) => line.length > 73)).toEqual([]);
    },
  );
});
