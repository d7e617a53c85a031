/**
 * Writes beside each file of the bundle that a report loads the bytecode that V8 makes of it. Functions are compiled when they first run, so
 * reports of all captures are made first. Part of the build.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

const { BUNDLE, CACHE_SUFFIX, load, loaded } = createRequire(import.meta.url)("../bin/bundle.js");
const CAPTURES = fileURLToPath(new URL("../captures", import.meta.url));
const NOWHERE = { write: (_text, done) => done?.(), on: () => {} };

// Else what has not run for a while is dropped. V8 compares flags when it takes the bytecode, so they must be as usual when it is written.
setFlagsFromString("--no-flush-bytecode");
load("main.cjs");
const { run } = load("run.cjs");
for (const name of readdirSync(CAPTURES).filter((name) => /\.pcap(ng)?$/.test(name))) {
  for (const format of ["text", "json"]) {
    await run(["read", join(CAPTURES, name), "--format", format], { stdout: NOWHERE, stderr: NOWHERE, env: {} });
  }
}
setFlagsFromString("--flush-bytecode");
for (const [name, { script }] of loaded) writeFileSync(join(BUNDLE, name + CACHE_SUFFIX), script.createCachedData());
