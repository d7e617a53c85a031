import fc from "fast-check";
import { expect, test } from "vitest";
import { FlowSet } from "../../src/rules/flow-set.ts";
import { ascendingOnce, Ids } from "../../src/rules/ids.ts";
import { firstNotBefore } from "../../src/rules/sorted-times.ts";

const numbers = fc.array(fc.nat(60), { maxLength: 40 });
const ascending = (list: Iterable<number>): number[] => [...new Set(list)].sort((a, b) => a - b);

test("ids are a set in order, however they come", () => {
  fc.assert(
    fc.property(numbers, (list) => {
      const ids = new Ids();
      for (const one of list) ids.add(one);
      expect([ids.size, ids.ascending()]).toEqual([new Set(list).size, ascending(list)]);
    }),
  );
});

test("lists become one, ascending and each number once", () => {
  fc.assert(
    fc.property(fc.array(numbers), (lists) => {
      expect(ascendingOnce(lists)).toEqual(ascending(lists.flat()));
    }),
  );
});

test("a set of flows holds what was added, within its bound", () => {
  fc.assert(
    fc.property(numbers, fc.nat(60), (list, bound) => {
      const flows = new FlowSet(bound);
      for (const one of list) flows.add(one);
      const held = ascending(list.filter((one) => one < Math.ceil(bound / 8) * 8));
      expect(flows.size).toBe(held.length);
      for (let id = 0; id < 80; id++) expect(flows.has(id)).toBe(held.includes(id));
    }),
  );
});

test("the first row that is not before an instant is found", () => {
  fc.assert(
    fc.property(numbers, fc.nat(60), (list, from) => {
      const rows = [...list].sort((a, b) => a - b);
      const found = rows.findIndex((one) => one >= from);
      expect(firstNotBefore(rows, from, (one) => one)).toBe(found < 0 ? rows.length : found);
    }),
  );
});
