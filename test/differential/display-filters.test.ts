/** Every display filter that a report gives, run by Wireshark on its capture: it must select the evidence and nothing beside it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyzeFiles } from "../support/analyze.ts";
import { CAPTURES } from "../support/captures.ts";
import { Sharkd } from "../support/sharkd.ts";
import { hasTool } from "../support/tools.ts";

describe.skipIf(!hasTool("sharkd"))("Wireshark selects exactly the evidence", () => {
  let sharkd: Sharkd;
  beforeAll(() => {
    sharkd = new Sharkd();
  });
  afterAll(() => sharkd.close());

  test.each(CAPTURES)("of %s", async (path) => {
    const { report } = await analyzeFiles([path]);
    for (const { rule, displayFilter, packets } of report.anomalies) {
      const frames = packets.map(({ frame }) => frame).sort((a, b) => a - b);
      const selected = await sharkd.frames(path, displayFilter, ["frame.number"]);
      expect([rule, selected.map(Number)]).toEqual([rule, frames]);
    }
  });
});
