/** Makes the choices of an analysing command into what the analysis takes. */
import type { AnalysisOptions } from "../analyzer.ts";
import { RULES } from "../rules/all.ts";
import { isAddress } from "../service/platform-addresses.ts";
import type { AnalysisChoice } from "./analysis-choice.ts";
import { DEFAULT_CONFIG, readConfig } from "./config.ts";
import { selectRules } from "./rule-selection.ts";
import { UsageError } from "./usage-error.ts";

/** Throws a UsageError for what cannot be meant. */
export async function analysisOptionsOf(choice: AnalysisChoice): Promise<AnalysisOptions> {
  const { platform = [], only = [], ignore = [] } = choice;
  for (const address of platform) {
    if (!isAddress(address)) throw new UsageError("bad-address", `"${address}" is no IP address`);
  }
  const config = choice.config === undefined ? DEFAULT_CONFIG : await readConfig(choice.config);
  return {
    platformAddresses: platform,
    primaryNic: choice.primaryNic === undefined ? null : { name: choice.primaryNic, origin: "option" },
    rules: selectRules(RULES, [...config.only, ...only], [...config.ignore, ...ignore]),
    thresholds: config.thresholds,
  };
}
