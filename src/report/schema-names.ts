/** The published JSON Schemas by name; each is `schemas/NAME.schema.json`, generated from the types. */
export const SCHEMA_NAMES = ["report", "event", "diff", "check"] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];
