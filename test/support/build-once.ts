/** Builds the command line before the tests when a source is newer than what was built. */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const BUILT = "dist/bundle/main.cjs";

export default function setup(): void {
  const builtMs = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).map((name) => join("src", name));
  if (sources.every((source) => statSync(source).mtimeMs < builtMs)) return;
  execFileSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
}
