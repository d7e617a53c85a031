import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FILTER_FIELDS } from "../../src/report/view-fields.ts";
import { parseFilter } from "../../src/view/filter.ts";

const terms = (text: string) => parseFilter(text).terms;
const problem = (text: string) => parseFilter(text).problem;

describe("a filter", () => {
  test("of words asks for each of them", () => {
    expect(terms("  DNS  eth1 ")).toEqual([
      { kind: "word", negated: false, text: "dns" },
      { kind: "word", negated: false, text: "eth1" },
    ]);
  });

  test("takes alternatives of a field, and a sign that turns it round", () => {
    expect(terms("-service:dns,dhcp !wireserver")).toEqual([
      { kind: "field", negated: true, field: "service", values: ["dns", "dhcp"] },
      { kind: "word", negated: true, text: "wireserver" },
    ]);
  });

  test("keeps spaces and colons in quotes", () => {
    expect(terms('"mark: a b" -"c d')).toEqual([
      { kind: "word", negated: false, text: "mark: a b" },
      { kind: "word", negated: true, text: "c d" },
    ]);
  });

  test.each([
    ["status:404", 404, 404],
    ["status:5xx", 500, 599],
    ["packets:>=10", 10, Number.POSITIVE_INFINITY],
    ["packets:<=10", Number.NEGATIVE_INFINITY, 10],
    ["packets:10-20", 10, 20],
    ["packets:10-", 10, Number.POSITIVE_INFINITY],
    ["packets:>", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])("%s is a range", (text, from, to) => {
    expect(terms(text)).toMatchObject([{ kind: "number", ranges: [{ from, to }] }]);
  });

  test("above a number leaves the number out", () => {
    const [term] = terms("packets:>10");
    expect(term?.kind === "number" && (term.ranges[0]?.from ?? 0) > 10).toBe(true);
  });

  test.each(["10.0.0.4:50312", "fe80::1", "dead:beef::1", "[fe80::1]:80", "12:34:56:78:9a:bc"])(
    "takes the address %s for text",
    (text) => {
      expect(terms(text)).toEqual([{ kind: "word", negated: false, text }]);
    },
  );

  test.each(["", "  ", "-", "service:", "service:,", '"'])("of %j says nothing yet", (text) => {
    expect(parseFilter(text)).toEqual({ terms: [], problem: null });
  });

  test("is understood while a known value is typed", () => {
    expect(problem("service:hos anomaly:crit protocol:t")).toBeNull();
  });

  test.each([
    ["colour:red", 'There is no field "colour"; ? lists them. In quotes it is looked for as text.'],
    ["service:web", 'service is never "web"; it is wireserver, hostga-plugin, dns, dhcp, health-probe, icmp, other.'],
    ["status:ok", "status takes a number: status:10, status:>10 or status:10-20."],
    ["packets:1e3", "packets takes a number: packets:10, packets:>10 or packets:10-20."],
  ])("%s is told as a problem", (text, sentence) => {
    expect(parseFilter(text)).toEqual({ terms: [], problem: sentence });
  });

  test("with too many terms is refused", () => {
    expect(problem("a ".repeat(33))).toBe("A filter has 32 terms at most.");
  });

  test("never throws, and tells a problem that is safe to print", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const told = [...(problem(text) ?? "")].map((character) => character.codePointAt(0) ?? 0);
        expect(told.filter((code) => code < 0x20 || (code >= 0x7f && code < 0xa0))).toEqual([]);
      }),
    );
  });

  test("has each field once, with help", () => {
    expect(new Set(FILTER_FIELDS.map(({ name }) => name)).size).toBe(FILTER_FIELDS.length);
    expect(FILTER_FIELDS.filter(({ help }) => help === "")).toEqual([]);
  });
});
