/** The choices that every analysing command offers, as options of commander. */
import type { Command } from "commander";

/** As commander hands them over. */
export interface AnalysisChoice {
  platform?: string[];
  primaryNic?: string;
  config?: string;
  only?: string[];
  ignore?: string[];
}

/** Adds the options to a command. */
export function withAnalysisChoice(command: Command): Command {
  return command
    .option("--platform <address>", "the platform's address instead of the usual ones; may be repeated", gather)
    .option("--primary-nic <nic>", "the VM's primary NIC, by name, MAC or address")
    .option("--config <file>", "JSON with thresholds and rules to run or leave out")
    .option("--only <rule>", "run this rule alone; may be repeated", gather)
    .option("--ignore <rule>", "leave this rule out; may be repeated", gather);
}

/** Collects the values of an option that may be repeated. */
export function gather(value: string, gathered: string[] = []): string[] {
  return [...gathered, value];
}
