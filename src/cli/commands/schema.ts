/** `vipscope schema`: the JSON Schemas of what programs may read. */
import { readFile } from "node:fs/promises";
import { Argument, type Command } from "commander";
import { SCHEMA_NAMES, type SchemaName } from "../../report/schema-names.ts";
import type { CommandContext } from "../command.ts";

export function defineSchema(program: Command, { io }: CommandContext): void {
  program
    .command("schema")
    .summary("print the JSON Schema of a report, an event, a diff or a check")
    .description(
      "Prints a JSON Schema (draft 7): of the report, of the events of live and ndjson, of a diff, or of a check.",
    )
    .addArgument(new Argument("[name]", "which one").choices(SCHEMA_NAMES).default("report"))
    .addHelpText("after", "\nExamples:\n  vipscope schema > report.schema.json\n  vipscope schema event\n")
    .action(async (name: SchemaName) => {
      io.stdout.write(await readFile(schemaFile(name), "utf8"));
    });
}

/** The schemas lie beside the code: in the sources, in the library, and one folder up from the bundle. */
function schemaFile(name: SchemaName): URL {
  const folder = import.meta.url.includes("/commands/") ? "../../report/schemas/" : "../report/schemas/";
  return new URL(`${folder}${name}.schema.json`, import.meta.url);
}
