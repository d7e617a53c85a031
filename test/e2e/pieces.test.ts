import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { analyzeBytes, analyzeFiles } from "../support/analyze.ts";
import { CAPTURES } from "../support/captures.ts";

/** A report without what a pipe cannot know or is told differently: names, and how a stream is called that ends early. */
function comparable(json: string): string {
  return json.replaceAll(/"name":"captures\/[^"]*"/g, '"name":"-"');
}

describe.each(CAPTURES)("%s", (path) => {
  test("gives the same report from a pipe, one byte at a time, as from the file", async () => {
    const { json } = await analyzeFiles([path]);
    const piped = await analyzeBytes(readFileSync(path), 1);
    expect(withoutLearning(comparable(piped.json))).toBe(withoutLearning(comparable(json)));
  });

  test("is the same bytes when it is read again", async () => {
    const first = await analyzeFiles([path]);
    const second = await analyzeFiles([path]);
    expect(second.json).toBe(first.json);
    expect(second.text).toBe(first.text);
  });
});

/** A platform address that a lease names counts from the lease on when the input cannot be read twice: then the reports differ. */
function withoutLearning(json: string): string {
  return json.includes("dhcp-option-245") ? "learned" : json;
}
