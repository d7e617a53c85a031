/** The bytecode beside the bundle: this Node takes it, and a report is the same without it. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchDirectory } from "../support/scratch.ts";

const scratch = scratchDirectory();
const CAPTURE = "captures/healthy-boot.pcapng";
const isCache = (name: string): boolean => name.endsWith(".cache");

function report(bin: string, ...flags: string[]): string {
  const words = [...flags, bin, "read", CAPTURE, "--format", "json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}

test("this Node takes the bytecode of everything that a report loads", () => {
  const told = `
    const { load, loaded } = require("./bin/bundle.js");
    process.argv = ["node", "vipscope", "read", ${JSON.stringify(CAPTURE)}, "--output", "/dev/null"];
    load("main.cjs").main().then(() => {
      console.log(JSON.stringify([...loaded].map(([name, { script }]) => [name.replace(/-.*/, ""), script.cachedDataRejected])));
    });`;
  const answer = execFileSync(process.execPath, ["--eval", told], { encoding: "utf8" });
  expect(JSON.parse(answer)).toEqual([
    ["main.cjs", false],
    ["run.cjs", false],
    ["run", false],
  ]);
});

test("the report is the same when V8 refuses the bytecode, and when there is none", () => {
  const usual = report("bin/vipscope.js");
  expect(report("bin/vipscope.js", "--no-opt")).toBe(usual);
  const { path: folder } = scratch;
  for (const part of ["bin", "dist"]) cpSync(part, join(folder, part), { recursive: true });
  const bundle = join(folder, "dist/bundle");
  const caches = readdirSync(bundle).filter(isCache);
  for (const name of caches) writeFileSync(join(bundle, name), "not what it says");
  expect(report(join(folder, "bin/vipscope.js"))).toBe(usual);
  for (const name of caches) rmSync(join(bundle, name));
  expect(report(join(folder, "bin/vipscope.js"))).toBe(usual);
});

test("the scripts are ASCII, as they are read", () => {
  const scripts = readdirSync("dist/bundle").filter((name) => name.endsWith(".cjs"));
  expect(scripts.length).toBeGreaterThan(2);
  for (const name of scripts) expect(readFileSync(join("dist/bundle", name)).every((byte) => byte < 0x80)).toBe(true);
});
