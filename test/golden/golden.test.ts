/**
 * The whole report of every shipped capture, as JSON and as text. After a deliberate change `npm run golden -- NAME` refreshes those of one
 * capture, `npm run golden` all of them; read the diff before it is committed. Continuous integration never writes them.
 */
import { describe, expect, test } from "vitest";
import { analyzeFiles } from "../support/analyze.ts";
import { CAPTURES, captureName } from "../support/captures.ts";

describe.each(CAPTURES.map((path) => ({ path, name: captureName(path) })))("$name", ({ path, name }) => {
  test("gives the report that was read and found right", async () => {
    const { json, text } = await analyzeFiles([path]);
    await expect(json).toMatchFileSnapshot(`${name}.json`);
    await expect(text).toMatchFileSnapshot(`${name}.txt`);
  });
});
