/** What fuzzing found, one file each: it gives a report by the schema, the same however it comes, or is refused. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyzeBytes } from "../support/analyze.ts";
import { reportFaults } from "../support/schema.ts";

const FOLDER = "test/property/regressions";

test.each(readdirSync(FOLDER))("%s", async (name) => {
  const bytes = Uint8Array.from(readFileSync(join(FOLDER, name)));
  const whole = await analyzeBytes(bytes, bytes.length);
  expect(reportFaults(whole.report)).toEqual([]);
  for (const pieceBytes of [1, 7, 43, 400]) expect((await analyzeBytes(bytes, pieceBytes)).json).toBe(whole.json);
});
