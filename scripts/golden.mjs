// Refreshes the expected reports: of the capture that is named, or of all. Removes those of captures that are gone.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";

const names = readdirSync("captures").map((name) => name.replace(/\.(pcap|pcapng|cap)(\.gz|\.zst)?$/, ""));
const wanted = process.argv[2];
if (wanted !== undefined && !names.includes(wanted)) {
  console.error(`captures/ holds no capture "${wanted}"`);
  process.exit(2);
}
for (const file of readdirSync("test/golden")) {
  if (/\.(json|txt)$/.test(file) && !names.includes(file.replace(/\.(json|txt)$/, ""))) rmSync(`test/golden/${file}`);
}
// Vitest writes the name of a parameterized suite in quotes.
const only = wanted === undefined ? [] : ["-t", `^'?${wanted}'? gives`];
const words = ["vitest", "run", "test/golden", "--update", ...only];
process.exit(spawnSync("npx", words, { stdio: "inherit" }).status ?? 1);
