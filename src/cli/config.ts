/** The configuration file of `--config`: JSON, every key known, every value of the right kind. */
import { readFile } from "node:fs/promises";
import { reasonOf } from "../capture/file-fault.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "../rules/thresholds.ts";
import { nearest } from "../settings/nearest.ts";
import { UsageError } from "../settings/usage-error.ts";

/** What the file may say. */
export interface Config {
  readonly thresholds: Thresholds;
  /** Rules to run alone, and rules to leave out; empty for no choice. */
  readonly only: readonly string[];
  readonly ignore: readonly string[];
}

export const DEFAULT_CONFIG: Config = { thresholds: DEFAULT_THRESHOLDS, only: [], ignore: [] };

/** Reads and checks the file. Throws a UsageError that names the file and the key. */
export async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "no such file" : reasonOf(error);
    throw new UsageError("config-not-readable", `${path}: ${reason}`);
  });
  return parseConfig(text, path);
}

/** The same for text; `name` stands in messages. */
export function parseConfig(text: string, name: string): Config {
  const value = parsed(text, name);
  refuseUnknown(value, ["thresholds", "only", "ignore"], name, "");
  return {
    thresholds: thresholdsOf(value["thresholds"] ?? {}, name),
    only: wordsOf(value["only"] ?? [], "only", name),
    ignore: wordsOf(value["ignore"] ?? [], "ignore", name),
  };
}

function parsed(text: string, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError("config-not-json", `${name} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!isObject(value)) throw new UsageError("config-not-object", `${name} must hold a JSON object`);
  return value;
}

function thresholdsOf(value: unknown, name: string): Thresholds {
  if (!isObject(value)) throw new UsageError("config-bad-value", `${name}: "thresholds" must be an object`);
  refuseUnknown(value, Object.keys(DEFAULT_THRESHOLDS), name, "thresholds.");
  for (const [key, usual] of Object.entries(DEFAULT_THRESHOLDS)) {
    const given = value[key];
    if (given === undefined) continue;
    const right = Array.isArray(usual) ? Array.isArray(given) && given.every(isAmount) : isAmount(given);
    const kind = Array.isArray(usual) ? "a list of numbers" : "a number";
    if (!right) throw new UsageError("config-bad-value", `${name}: "thresholds.${key}" must be ${kind} from 0 on`);
  }
  return { ...DEFAULT_THRESHOLDS, ...value };
}

function wordsOf(value: unknown, key: string, name: string): string[] {
  if (!Array.isArray(value) || !value.every((word) => typeof word === "string")) {
    throw new UsageError("config-bad-value", `${name}: "${key}" must be a list of rule ids`);
  }
  return value;
}

function refuseUnknown(value: Record<string, unknown>, known: readonly string[], name: string, prefix: string): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const close = nearest(unknown, known);
  const all = `known: ${known.map((key) => prefix + key).join(", ")}`;
  const hint = close === null ? all : `Did you mean "${prefix}${close}"?`;
  throw new UsageError("config-unknown-key", `${name}: unknown key "${prefix}${unknown}"`, hint);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
