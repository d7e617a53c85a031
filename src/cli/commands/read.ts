/** `vipscope read`: reads captures, says what is wrong, and exits by the contract. */
import { type Command, Option } from "commander";
import { OUTPUT_FORMS } from "../../output/all.ts";
import { type AnalysisChoice, withAnalysisChoice } from "../analysis-choice.ts";
import type { CommandContext } from "../command.ts";
import { FAIL_LEVELS, type FailLevel } from "../exit-status.ts";
import { readCaptures } from "../read-captures.ts";

/** The options of `read` as commander hands them over. */
export interface ReadOptions extends AnalysisChoice {
  format: string;
  output?: string;
  table?: string;
  failOn: FailLevel;
  jobs: string;
  /** False with --no-progress. */
  progress: boolean;
  /** False with --no-ui. */
  ui: boolean;
}

const EXAMPLES = `
On a terminal the report is a screen: see it at a glance, Enter digs
down to the packet, ? lists the keys, q leaves. It is printed instead
with --no-ui, --format or --output, and wherever the output is no
terminal. NO_COLOR=1 takes the colours away, VIPSCOPE_ASCII=1 draws the
screen with plain characters.

Exit status:
  0  nothing at or above the level of --fail-on
  1  at least one anomaly at or above it
  2  the command line or the input was unusable; nothing was analysed
  3  the input was analysed up to a fault in it

Examples:
  vipscope read vm.pcapng
  vipscope read eth0.pcap eth1.pcap --format json --output report.json
  vipscope read vm.pcapng --format html --output report.html
  vipscope read vm.pcapng --format csv --output tables/
  tcpdump -i any -w - host 168.63.129.16 | vipscope read -
  vipscope read classic.pcap --platform 10.62.144.140
`;

/** Adds the command to the program. */
export function defineRead(program: Command, context: CommandContext): void {
  const forms = OUTPUT_FORMS.map((form) => form.name);
  const command = program
    .command("read")
    .summary("say what is wrong in captures, why, and what to do")
    .description(
      "Reads pcap and pcapng captures, plain, gzip or zstd, from files, directories, pipes or standard input (-). " +
        "Several are read as one, by time.",
    )
    .argument("<capture...>", "files, directories, named pipes, or - for standard input")
    .addOption(new Option("-f, --format <name>", "form of the report").choices(forms).default(forms[0]))
    .option(
      "-o, --output <file>",
      "write the report to a file, whole or not at all (- is standard output); csv: to a directory, one file a table",
    )
    .option("--table <name>", "with csv: this table alone");
  withAnalysisChoice(command)
    .addOption(
      new Option("--fail-on <severity>", "from which severity on the exit status is 1")
        .choices(FAIL_LEVELS)
        .default("warning"),
    )
    .option("--jobs <number>", "threads that work on large files at once", "1")
    .option("--no-progress", "no progress line on the terminal")
    .option("--no-ui", "no screen on a terminal: print the report")
    .addHelpText("after", EXAMPLES)
    .action(async (names: string[], options: ReadOptions) => {
      if (context.io.stdout.isTTY === true && wantsScreen(options, command)) {
        const { screenTerminal } = await import("../show-screen.ts");
        const terminal = screenTerminal(context.io, names.includes("-"));
        if (terminal !== null) {
          const { showCaptures } = await import("../show-captures.ts");
          return showCaptures(names, options, terminal, context);
        }
      }
      await readCaptures(names, options, context);
    });
}

/** A form or a place that was asked for is a wish for a report. */
function wantsScreen({ ui, output, table }: ReadOptions, command: Command): boolean {
  return ui && output === undefined && table === undefined && command.getOptionValueSource("format") !== "cli";
}
