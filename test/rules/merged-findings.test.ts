import { expect, test } from "vitest";
import { MAX_FINDINGS_OF_RULE } from "../../src/limits.ts";
import { mergedFindings } from "../../src/rules/merged-findings.ts";
import type { Finding } from "../../src/rules/rule.ts";

function findingOn(flow: number, filter = `ip.addr == 168.63.129.16 && tcp.port == ${flow}`): Finding {
  const at = { firstNs: flow * 10, lastNs: flow * 10 + 5 };
  return { summary: `Flow ${flow}.`, count: 2, ...at, flows: [flow], packets: [flow * 2], displayFilter: filter };
}

const findings = (count: number): Finding[] => Array.from({ length: count }, (_, flow) => findingOn(flow));

test("as many findings as are told one by one stay as they are", () => {
  expect(mergedFindings(findings(MAX_FINDINGS_OF_RULE))).toEqual(findings(MAX_FINDINGS_OF_RULE));
});

test("one more, and the last two are told together, with all that they count and show", () => {
  const merged = mergedFindings(findings(MAX_FINDINGS_OF_RULE + 1));
  expect(merged).toHaveLength(MAX_FINDINGS_OF_RULE);
  expect(merged.at(-1)).toEqual({
    summary: "2 further cases of this kind, told together; the first: Flow 19.",
    count: 4,
    firstNs: 190,
    lastNs: 205,
    flows: [19, 20],
    packets: [38, 40],
    references: [],
    displayFilter: "ip.addr == 168.63.129.16",
  });
});

test("findings without a condition in common are shown by a filter for every frame", () => {
  const unlike = Array.from({ length: MAX_FINDINGS_OF_RULE + 1 }, (_, flow) => findingOn(flow, `udp.port == ${flow}`));
  expect(mergedFindings(unlike).at(-1)?.displayFilter).toBe("frame");
});
