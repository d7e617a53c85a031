import { expect, test } from "vitest";
import { dnsSilenceTells } from "../../src/service/dns-silence.ts";
import { DnsScript } from "../support/dns-script.ts";

const EXAMPLE = { name: "www.example.com" };
const OTHER = { name: "other.example.com", id: 2, flow: 1 };
const THIRD = { name: "third.example.com", id: 3, flow: 2 };
const LATER_NS = 60e9;

function tells(script: DnsScript, endedNs = LATER_NS): boolean {
  return dnsSilenceTells(script.transactions, endedNs, false);
}

test("queries alone tell nothing, also when the same is asked again later with another identifier", () => {
  expect(tells(new DnsScript().ask(EXAMPLE).ask(OTHER))).toBe(false);
  expect(
    tells(
      new DnsScript()
        .ask(EXAMPLE)
        .at(10_000)
        .ask({ ...EXAMPLE, id: 9, flow: 1 }),
    ),
  ).toBe(false);
});

test("questions that were asked again as they were had no answer: half of them are enough", () => {
  const half = new DnsScript().ask(EXAMPLE).ask(OTHER).at(5000).ask(EXAMPLE);
  expect(tells(half)).toBe(true);
  expect(tells(half.ask(THIRD))).toBe(false);
});

test("a question asked again from another port with its own identifier counts too", () => {
  expect(
    tells(
      new DnsScript()
        .ask(EXAMPLE)
        .at(2000)
        .ask({ ...EXAMPLE, flow: 1 }),
    ),
  ).toBe(true);
});

test("the same query at once is no sign that the answer did not come", () => {
  expect(tells(new DnsScript().ask(EXAMPLE).at(100).ask(EXAMPLE))).toBe(false);
});

test("a question that still waits at the end does not count", () => {
  const script = new DnsScript().ask(EXAMPLE).at(5000).ask(EXAMPLE).at(10_000).ask(EXAMPLE).at(59_000).ask(OTHER);
  expect(tells(script.ask(THIRD))).toBe(true);
  expect(tells(script, 120e9)).toBe(false);
});

test("an answer, or anything else from the platform, shows that answers would be there", () => {
  expect(tells(new DnsScript().ask(EXAMPLE).answer(EXAMPLE).ask(OTHER))).toBe(true);
  expect(dnsSilenceTells(new DnsScript().ask(EXAMPLE).transactions, LATER_NS, true)).toBe(true);
});
