/** Every command, in the order in which help shows them. */
import type { DefineCommand } from "../command.ts";
import { defineCheck } from "./check.ts";
import { defineCompletion } from "./completion.ts";
import { defineDiff } from "./diff.ts";
import { defineExplain } from "./explain.ts";
import { defineExtract } from "./extract.ts";
import { defineInterfaces } from "./interfaces.ts";
import { defineLive } from "./live.ts";
import { defineRead } from "./read.ts";
import { defineRules } from "./rules.ts";
import { defineSchema } from "./schema.ts";

export const COMMANDS: readonly DefineCommand[] = [
  defineRead,
  defineLive,
  defineCheck,
  defineInterfaces,
  defineExtract,
  defineRules,
  defineExplain,
  defineDiff,
  defineSchema,
  defineCompletion,
];
