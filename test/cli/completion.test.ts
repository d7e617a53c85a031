/** Completion as the shells themselves do it. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { OUTPUT_FORMS } from "../../src/output/all.ts";
import { RULES } from "../../src/rules/all.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { hasTool } from "../support/tools.ts";
import { vipscopeHere } from "../support/vipscope.ts";

const scratch = scratchDirectory();
const FORMATS = OUTPUT_FORMS.map((form) => form.name).sort();
const DNS_RULES = RULES.map((rule) => rule.id).filter((id) => id.startsWith("dns-un"));

/** What is typed, and what must be offered. */
const TYPED: readonly (readonly [typed: string, offered: readonly string[]])[] = [
  ["di", ["diff"]],
  ["read --for", ["--format"]],
  ["read --format ", FORMATS],
  ["explain dns-un", DNS_RULES],
  ["extract --rule dns-un", DNS_RULES],
  ["extract --service d", ["dhcp", "dns"]],
  ["completion z", ["zsh"]],
  ["read captures/dhcp-acq", ["captures/dhcp-acquire.pcap"]],
];

async function scriptFor(shell: string): Promise<string> {
  const { stdout } = await vipscopeHere("completion", shell);
  return scratch.write(`completion.${shell}`, stdout);
}

describe("bash", () => {
  test.each(TYPED)("completes %j", async (typed, offered) => {
    expect(await bash(typed.split(" "))).toEqual(offered);
  });

  test("completes after an equals sign, which it takes for a word", async () => {
    expect(await bash(["read", "--format", "=", "nd"])).toEqual(["ndjson"]);
  });

  async function bash(words: readonly string[]): Promise<string[]> {
    const code = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vipscope; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const script = await scriptFor("bash");
    const out = execFileSync("bash", ["-c", code, "bash", script, "vipscope", ...words], { encoding: "utf8" });
    return out.trim().split("\n").sort();
  }
});

describe.skipIf(!hasTool("fish"))("fish", () => {
  test.each(TYPED)("completes %j", async (typed, offered) => {
    const code = `source $argv[1]; complete -C "vipscope $argv[2]"`;
    const out = execFileSync("fish", ["--no-config", "-c", code, await scriptFor("fish"), typed], { encoding: "utf8" });
    const lines = out.trim().split("\n");
    const got = lines.map((line) => line.split("\t")[0] ?? "").sort();
    expect(got).toEqual(offered);
  });
});

describe.skipIf(!hasTool("zsh"))("zsh", () => {
  test("completes formats, rules and commands", async () => {
    const script = await scriptFor("zsh");
    const typed = ["read --format ", "explain dns-un", "extract --service d", "comple"];
    const offered = typed.map((text) => zsh(script, text).sort().join(" "));
    expect(offered).toEqual([FORMATS.join(" "), DNS_RULES.join(" "), "dhcp dns", "completion"]);
  });

  /** Types into a zsh on a pseudo-terminal, where `compadd` says what it is given, and presses Tab. */
  function zsh(script: string, typed: string): string[] {
    const watch = `compadd() { local -a got; builtin compadd -O got "$@"; print -rn -- "<\${(j: :)got}>"; builtin compadd "$@" }`;
    const code = `
      zmodload zsh/zpty
      zpty z 'PS1= zsh -f -i'
      zpty -w z 'autoload -U compinit; compinit -u -D; source ${script}; ${watch}; PS1=; print rea''dy'
      local line all=
      until [[ $all == *ready* ]]; do zpty -r z line || exit 1; all+=$line; done
      all=
      zpty -w -n z "vipscope $1"$'\\t'
      until [[ $all == *'>'* ]]; do zpty -r z line '*>*' || exit 1; all+=$line; done
      print -r -- "$all"
      zpty -d z`;
    const out = execFileSync("zsh", ["-f", "-c", code, "zsh", typed], { encoding: "utf8", timeout: 10_000 });
    const offered = [...out.matchAll(/<([^<>]*)>/g)].map((match) => match[1] ?? "");
    return (offered.at(-1) ?? "").split(" ");
  }
});
