/** Makes what a user of the command line or of the library chose into what the analysis takes. */
import type { AnalysisOptions } from "../analyzer.ts";
import { RULES } from "../rules/all.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "../rules/thresholds.ts";
import { isAddress } from "../service/platform-addresses.ts";
import { selectRules } from "./rule-selection.ts";
import { UsageError } from "./usage-error.ts";

/** What may be chosen of an analysis; what is left out is as usual. */
export interface AnalysisSettings {
  /** The platform's addresses instead of the usual ones. */
  readonly platformAddresses?: readonly string[];
  /** The VM's primary NIC by name, MAC or address. */
  readonly primaryNic?: string;
  /** Ids of rules to run alone, and of rules to leave out. */
  readonly only?: readonly string[];
  readonly ignore?: readonly string[];
  readonly thresholds?: Partial<Thresholds>;
}

/** Throws a UsageError for what cannot be meant. */
export function checkedSettings(settings: AnalysisSettings): AnalysisOptions {
  const { platformAddresses = [], primaryNic, only = [], ignore = [], thresholds = {} } = settings;
  for (const address of platformAddresses) {
    if (!isAddress(address)) throw new UsageError("bad-address", `"${address}" is no IP address`);
  }
  if (primaryNic === "") throw new UsageError("no-nic", "--primary-nic takes a name, a MAC or an address");
  return {
    platformAddresses,
    primaryNic: primaryNic === undefined ? null : { name: primaryNic, origin: "option" },
    rules: selectRules(RULES, only, ignore),
    thresholds: { ...DEFAULT_THRESHOLDS, ...thresholds },
  };
}
