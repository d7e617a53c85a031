/** Every output form, in the order in which help shows them. The first is the default. */
import type { OutputForm } from "./form.ts";

export const OUTPUT_FORMS: readonly OutputForm[] = [
  {
    name: "text",
    summary: "what a person reads in a ticket",
    load: async () => (await import("./text.ts")).writeText,
  },
  {
    name: "json",
    summary: "the whole report for programs, by the published schema",
    load: async () => (await import("./json.ts")).writeJson,
  },
];
