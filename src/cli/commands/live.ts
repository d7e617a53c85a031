/** `vipscope live`: watches the platform's traffic on this machine as it happens. */
import { type Command, Option } from "commander";
import { BACKEND_CHOICES, type BackendChoice } from "../../capture/live/backends.ts";
import { type AnalysisChoice, gather, withAnalysisChoice } from "../analysis-choice.ts";
import type { CommandContext } from "../command.ts";
import { FAIL_LEVELS, type FailLevel } from "../exit-status.ts";

/** The options of `live` as commander hands them over. */
export interface LiveOptions extends AnalysisChoice {
  interface?: string[];
  backend: BackendChoice;
  filter?: string;
  format?: string;
  output?: string;
  duration?: string;
  packets?: string;
  interval: string;
  write?: string;
  rotateSize?: string;
  rotateTime?: string;
  keep?: string;
  maxDisk?: string;
  failOn: FailLevel;
  /** False with --no-ui. */
  ui: boolean;
}

const EXAMPLES = `
On a terminal there is a screen: w starts and stops a recording, ? lists
the keys, q ends the session. Without a terminal, or with --format
ndjson, events are written as they happen, one JSON object a line.
Ctrl-C, SIGTERM, --duration and --packets end the session with its final
report; SIGHUP begins the next file of the recording. The exit status is
that of "read".

Examples:
  sudo vipscope live
  sudo vipscope live -i eth0 --write incident.pcapng --rotate-size 100MB --keep 10
  sudo vipscope live --format ndjson | jq 'select(.event == "anomaly-raised")'
  sudo vipscope live --duration 5m --format json --output report.json
`;

/** Adds the command to the program. */
export function defineLive(program: Command, context: CommandContext): void {
  const command = program
    .command("live")
    .summary("watch the platform's traffic on this machine as it happens")
    .description(
      "Captures on every NIC that is up, and says what is wrong while it happens. Needs the right to capture.",
    )
    .option("-i, --interface <name>", "watch this interface instead of all NICs that are up; may be repeated", gather)
    .addOption(
      new Option("--backend <name>", "which program captures; auto takes the first that is here and works")
        .choices(BACKEND_CHOICES)
        .default("auto"),
    )
    .option("--filter <expression>", "narrow the capture, in the language of pcap-filter(7)")
    .addOption(new Option("-f, --format <name>", "form of the output").choices(["text", "json", "ndjson"]))
    .option("-o, --output <file>", "write the final report (with ndjson: the events) to a file")
    .option("--duration <time>", "end after this time: 30s, 5m, 2h")
    .option("--packets <number>", "end after so many captured packets")
    .option("--interval <time>", "time between counters events", "10s")
    .option("-w, --write <file>", "record what is captured as pcapng")
    .option("--rotate-size <size>", "begin the next file of the recording at this size: 100MB")
    .option("--rotate-time <time>", "begin the next file of the recording after this time: 1h")
    .option("--keep <number>", "keep so many files of the recording")
    .option("--max-disk <size>", "bytes that the recording may take altogether");
  withAnalysisChoice(command)
    .addOption(
      new Option("--fail-on <severity>", "from which severity on the exit status is 1")
        .choices(FAIL_LEVELS)
        .default("warning"),
    )
    .option("--no-ui", "no screen on a terminal: print the report at the end")
    .addHelpText("after", EXAMPLES)
    .action(async (options: LiveOptions) => {
      const { watchLive } = await import("../watch-live.ts");
      await watchLive(options, context);
    });
}
