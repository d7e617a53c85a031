/** Every display filter that a report gives, run through tshark on its capture: it must select the evidence and nothing beside it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { analyzeFiles } from "../support/analyze.ts";
import { CAPTURES } from "../support/captures.ts";
import { hasTool } from "../support/tools.ts";

const run = promisify(execFile);

/** Frame numbers that the filter selects. A capture that is cut in a record makes tshark fail after it printed what came before. */
async function selected(path: string, filter: string): Promise<number[]> {
  const words = ["-n", "-r", path, "-Y", filter, "-T", "fields", "-e", "frame.number"];
  const { stdout } = await run("tshark", words, { maxBuffer: 1 << 26 }).catch((error: unknown) => {
    if (error instanceof Error && "stdout" in error && typeof error.stdout === "string")
      return { stdout: error.stdout };
    throw error;
  });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

describe.skipIf(!hasTool("tshark"))("tshark selects exactly the evidence", () => {
  test.each(CAPTURES)(
    "of %s",
    async (path) => {
      const { report } = await analyzeFiles([path]);
      for (const { rule, displayFilter, packets } of report.anomalies) {
        const frames = packets.map(({ frame }) => frame).sort((a, b) => a - b);
        expect([rule, await selected(path, displayFilter)]).toEqual([rule, frames]);
      }
    },
    60_000,
  );
});
