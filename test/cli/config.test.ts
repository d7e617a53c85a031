import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/cli/config.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { UsageError } from "../../src/settings/usage-error.ts";

function refusal(text: string): string {
  try {
    parseConfig(text, "rules.json");
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "accepted";
}

describe("a configuration file", () => {
  test("changes the thresholds that it names and leaves the others", () => {
    const { thresholds } = parseConfig('{"thresholds":{"dnsSlowMs":250}}', "rules.json");
    expect(thresholds).toEqual({ ...DEFAULT_THRESHOLDS, dnsSlowMs: 250 });
  });

  test("may set a list of numbers", () => {
    const { thresholds } = parseConfig('{"thresholds":{"initialTimeToLives":[32]}}', "rules.json");
    expect(thresholds.initialTimeToLives).toEqual([32]);
  });

  test("may choose rules", () => {
    expect(parseConfig('{"only":["dns-slow"],"ignore":["zero-window"]}', "rules.json")).toMatchObject({
      only: ["dns-slow"],
      ignore: ["zero-window"],
    });
  });

  test("that is empty changes nothing", () => {
    expect(parseConfig("{}", "rules.json")).toEqual({ thresholds: DEFAULT_THRESHOLDS, only: [], ignore: [] });
  });

  test.each([
    ["[]", "rules.json must hold a JSON object"],
    ['{"treshold":{}}', 'rules.json: unknown key "treshold"'],
    ['{"thresholds":{"dnsSlow":1}}', 'rules.json: unknown key "thresholds.dnsSlow"'],
    ['{"thresholds":{"dnsSlowMs":"1"}}', 'rules.json: "thresholds.dnsSlowMs" must be a number from 0 on'],
    ['{"thresholds":{"dnsSlowMs":-1}}', 'rules.json: "thresholds.dnsSlowMs" must be a number from 0 on'],
    [
      '{"thresholds":{"initialTimeToLives":64}}',
      'rules.json: "thresholds.initialTimeToLives" must be a list of numbers from 0 on',
    ],
    ['{"thresholds":[]}', 'rules.json: "thresholds" must be an object'],
    ['{"only":"dns-slow"}', 'rules.json: "only" must be a list of rule ids'],
  ])("is refused with the key when it is wrong: %s", (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  test("that is no JSON is refused by name", () => {
    expect(refusal("{")).toMatch(/^rules\.json is not JSON: /);
  });
});
