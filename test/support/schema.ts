/** Validates reports against the published schema. */
import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import type { CheckReport } from "../../src/report/check-report.ts";
import type { Report } from "../../src/report/report.ts";

let compiled: ValidateFunction<Report> | null = null;
let compiledEvent: ValidateFunction | null = null;

function validator(): ValidateFunction<Report> {
  compiled ??= new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile<Report>(schemaOf("report"));
  return compiled;
}

/** The published schema of this name. */
export function schemaOf<Shape extends object = Record<string, unknown>>(name: string): Shape {
  return JSON.parse(readFileSync(`src/report/schemas/${name}.schema.json`, "utf8"));
}

let compiledCheck: ValidateFunction<CheckReport> | null = null;

/** What is wrong with the value as a check's report, as text; empty when nothing is. */
export function checkFaults(value: unknown): string[] {
  compiledCheck ??= new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schemaOf("check"));
  compiledCheck(value);
  return (compiledCheck.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ""}`);
}

/** True when the value is a report by the schema. */
export function isReport(value: unknown): value is Report {
  return validator()(value);
}

/** What is wrong with the value as a report, as text; empty when nothing is. */
export function reportFaults(value: unknown): string[] {
  const validate = validator();
  validate(value);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ""}`);
}

/** What is wrong with the value as an event of a live session, as text; empty when nothing is. */
export function eventFaults(value: unknown): string[] {
  compiledEvent ??= new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schemaOf("event"));
  if (compiledEvent(value)) return [];
  return (compiledEvent.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
