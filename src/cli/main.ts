/** Starts the command line. The only place that ends the process. */
import { VERSION } from "../version.ts";
import { ExitStatus } from "./exit-status.ts";

/** Runs the process' own command line. The version alone is answered before anything else is loaded. */
export async function main(): Promise<void> {
  const words = process.argv.slice(2);
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code !== "EPIPE") process.exitCode = ExitStatus.unusable;
  });
  if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const { run } = await import("./run.ts");
  process.exitCode = await run(words, { stdout: process.stdout, stderr: process.stderr, env: process.env });
}
