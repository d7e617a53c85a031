/** The choices of an analysing command, with those of its configuration file. */
import type { AnalysisOptions } from "../analyzer.ts";
import { type AnalysisSettings, checkedSettings } from "../settings/analysis-settings.ts";
import type { AnalysisChoice } from "./analysis-choice.ts";
import { DEFAULT_CONFIG, readConfig } from "./config.ts";

/** Throws a UsageError for what cannot be meant. */
export async function analysisOptionsOf(choice: AnalysisChoice): Promise<AnalysisOptions> {
  return checkedSettings(await settingsOf(choice));
}

/** The choices of a command with those of its configuration file. */
export async function settingsOf(choice: AnalysisChoice): Promise<AnalysisSettings> {
  const { platform = [], primaryNic, only = [], ignore = [] } = choice;
  const config = choice.config === undefined ? DEFAULT_CONFIG : await readConfig(choice.config);
  return {
    platformAddresses: platform,
    ...(primaryNic === undefined ? {} : { primaryNic }),
    only: [...config.only, ...only],
    ignore: [...config.ignore, ...ignore],
    thresholds: config.thresholds,
  };
}
