/** Which rules run: `--only` and `--ignore`, checked against the catalogue. */
import type { Rule } from "../rules/rule.ts";
import { nearest } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

/** The rules of `all` that `only` names (all when it is empty), without those that `ignore` names. */
export function selectRules(all: readonly Rule[], only: readonly string[], ignore: readonly string[]): Rule[] {
  const ids = all.map((rule) => rule.id);
  for (const id of [...only, ...ignore]) {
    if (ids.includes(id)) continue;
    const close = nearest(id, ids);
    throw new UsageError(
      "unknown-rule",
      `there is no rule "${id}"`,
      close === null ? "vipscope rules lists them" : `Did you mean "${close}"? vipscope rules lists them all`,
    );
  }
  const chosen = all.filter((rule) => (only.length === 0 || only.includes(rule.id)) && !ignore.includes(rule.id));
  if (chosen.length === 0 && all.length > 0)
    throw new UsageError("no-rules", "no rule is left to run", "--only and --ignore name the same rules");
  return chosen;
}
