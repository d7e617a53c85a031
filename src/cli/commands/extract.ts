/** `vipscope extract`: the platform's packets alone, as pcapng with the anomalies as packet comments. */
import { type Command, InvalidArgumentError } from "commander";
import { type AnalysisChoice, gather, withAnalysisChoice } from "../analysis-choice.ts";
import type { CommandContext } from "../command.ts";

/** As commander hands them over. */
export interface ExtractOptions extends AnalysisChoice {
  output: string;
  flow?: number[];
  rule?: string[];
  service?: string[];
  around?: number;
  redact?: boolean;
  anonymize?: boolean;
  /** False with --no-progress. */
  progress: boolean;
}

const EXAMPLES = `
Without --flow, --rule or --service everything of the platform's is
taken; several of them add up. --redact overwrites bodies and all header
values that are not known to be harmless, lengths and checksums stay
right; rules that read bodies (agent-not-ready for one) find nothing in
such a file. --anonymize does that too, and maps addresses, MACs and
host names consistently; the platform's stay.

Examples:
  vipscope extract vm.pcapng -o platform.pcapng
  vipscope extract vm.pcapng -o blocked.pcapng --rule handshake-unanswered --around 5
  vipscope extract vm.pcapng -o for-the-ticket.pcapng --redact
`;

export function defineExtract(program: Command, context: CommandContext): void {
  const command = program
    .command("extract")
    .summary("write the platform's packets alone, commented, as pcapng")
    .description(
      "Writes the packets between the VM and the platform as pcapng, with interface names kept, and each evidence packet " +
        "carrying its anomaly as a comment that Wireshark shows.",
    )
    .argument("<capture...>", "files, directories, named pipes, or - for standard input")
    .requiredOption("-o, --output <file>", "where to write, whole or not at all; - is standard output")
    .option("--flow <id>", "packets of this flow of the report; may be repeated", gatherNumber)
    .option("--rule <rule>", "flows and evidence of this rule's anomalies; may be repeated", gather)
    .option("--service <service>", "flows of this service; may be repeated", gather)
    .option("--around <seconds>", "also what was sent within so many seconds of a chosen packet", wholeNumber)
    .option("--redact", "overwrite what may be secret")
    .option("--anonymize", "overwrite what may be secret, and map addresses and names")
    .option("--no-progress", "no progress line on the terminal");
  withAnalysisChoice(command)
    .addHelpText("after", EXAMPLES)
    .action(async (names: string[], options: ExtractOptions) => {
      const { extractPackets } = await import("../extract-packets.ts");
      await extractPackets(names, options, context);
    });
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !(number >= 0) || !Number.isFinite(number))
    throw new InvalidArgumentError("it must be a number from 0 on.");
  return number;
}

function gatherNumber(value: string, gathered: number[] = []): number[] {
  return [...gathered, wholeNumber(value)];
}
