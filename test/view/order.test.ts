import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TextColumn } from "../../src/view/column.ts";
import { orderBy } from "../../src/view/order.ts";

const inOrder = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, row) => row);

describe("rows by a number", () => {
  test("are what a comparing sort makes of them, for every number", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true })), fc.boolean(), (numbers, descending) => {
        const expected = [...inOrder(numbers.length)].sort((a, b) => {
          const [one, other] = [numbers[a] ?? 0, numbers[b] ?? 0];
          const difference = one < other ? -1 : one > other ? 1 : 0;
          return (descending ? -difference : difference) || a - b;
        });
        expect([...orderBy(Float64Array.from(numbers), descending, inOrder(numbers.length))]).toEqual(expected);
      }),
    );
  });

  test.each([false, true])("without one come last, in their order (descending: %s)", (descending) => {
    const keys = Float64Array.of(Number.NaN, 2, Number.NaN, 1);
    expect([...orderBy(keys, descending, inOrder(4))].slice(2)).toEqual([0, 2]);
  });

  test("keep the order they had where the number is the same", () => {
    expect([...orderBy(Float64Array.of(1, 1, 0), false, Uint32Array.of(1, 0, 2))]).toEqual([2, 1, 0]);
  });
});

describe("rows by a text", () => {
  const sorted = (...texts: (string | null)[]): (string | null)[] => {
    const column = new TextColumn(texts.length);
    for (const [row, text] of texts.entries()) column.set(row, text);
    return [...orderBy(column.keys(), false, inOrder(texts.length))].map((row) => texts[row] ?? null);
  };

  test("count the numbers in it", () => {
    expect(sorted("eth10", "eth2", "10.0.0.12", "10.0.0.4")).toEqual(["10.0.0.4", "10.0.0.12", "eth2", "eth10"]);
  });

  test("come whatever the case", () => {
    expect(sorted("b", "A", "a")).toEqual(["A", "a", "b"]);
  });

  test("without one come last", () => {
    expect(sorted(null, "b", "a")).toEqual(["a", "b", null]);
  });
});
