/** What the page's script does with rows, without a page. */
import { describe, expect, test } from "vitest";
import { matchingRows } from "../../../src/output/html/browser/filter.ts";
import { PageTable } from "../../../src/output/html/browser/page-table.ts";
import { windowOf } from "../../../src/output/html/browser/row-window.ts";
import { sortedRows } from "../../../src/output/html/browser/sort.ts";
import { column, type TableShape } from "../../../src/output/html/table-columns.ts";
import { gatherRows } from "../../../src/output/html/table-rows.ts";

interface Lookup {
  flow: number;
  name: string;
  tookMs: number | null;
}

const SHAPE: TableShape<Lookup> = {
  isOdd: (row) => row.tookMs === null,
  columns: [
    column("flow", "Flow", "number", (row) => row.flow),
    column("name", "Name", "text", (row) => row.name),
    column("took", "Took", "duration", (row) => row.tookMs),
  ],
};
const ROWS: readonly Lookup[] = [
  { flow: 4, name: "vm10.example", tookMs: 12 },
  { flow: 45, name: "VM9.example", tookMs: null },
  { flow: 7, name: "vm9.example", tookMs: 3 },
];

function tableOf(rows: readonly Lookup[], most?: number): PageTable {
  const { columns, ...rest } = gatherRows(rows, SHAPE, most);
  return new PageTable({
    ...rest,
    baseSeconds: 0,
    fractionDigits: 6,
    columns: columns.map(({ head, values }) => ({ ...head, ...values })),
  });
}

function sortedFlows(name: string, descending: boolean): (string | number | null)[] {
  const table = tableOf(ROWS);
  const by = table.columns.find((one) => one.name === name) ?? null;
  return [...sortedRows(table, matchingRows(table, "", false), by, descending)].map((row) => ROWS[row]?.flow ?? null);
}

describe("a filter", () => {
  test("wants all of its words, in any case", () => {
    expect([...matchingRows(tableOf(ROWS), "VM9 example", false)]).toEqual([1, 2]);
  });

  test("looks into one column for name:word, and takes a number whole", () => {
    expect([...matchingRows(tableOf(ROWS), "flow:4", false)]).toEqual([0]);
    expect([...matchingRows(tableOf(ROWS), "name:vm1", false)]).toEqual([0]);
  });

  test("takes a colon behind anything else for a part of the word", () => {
    expect([...matchingRows(tableOf(ROWS), "host:vm", false)]).toEqual([]);
  });

  test("leaves the odd ones alone when asked to", () => {
    expect([...matchingRows(tableOf(ROWS), "", true)]).toEqual([1]);
  });
});

describe("sorting", () => {
  test("is by value, and puts what has none last both ways", () => {
    expect(sortedFlows("took", false)).toEqual([7, 4, 45]);
    expect(sortedFlows("took", true)).toEqual([4, 7, 45]);
  });

  test("takes numbers within text as numbers", () => {
    expect(sortedFlows("name", false)).toEqual([7, 45, 4]);
  });
});

describe("the rows that the page holds", () => {
  test("are all when they fit", () => {
    expect(tableOf(ROWS).rows).toBe(3);
  });

  test("are the odd ones before the rest, in the list's order", () => {
    const table = tableOf([...ROWS.slice(0, 1), ...ROWS.slice(2), ...ROWS.slice(1, 2)], 2);
    const [flow] = table.columns;
    if (flow === undefined) throw new Error("the table has a column");
    expect([0, 1].map((row) => table.value(flow, row))).toEqual([4, 45]);
    expect([...table.odd]).toEqual([1]);
  });

  test("take the same values once, and few words by their number", () => {
    const many = Array.from({ length: 9 }, (_, flow) => ({ flow, name: flow % 2 === 0 ? "a" : "b", tookMs: 1 }));
    const [flows, names, times] = gatherRows(many, SHAPE).columns.map(({ values }) => values);
    expect(flows).toEqual({ each: [0, 1, 2, 3, 4, 5, 6, 7, 8] });
    expect(names).toEqual({ words: ["a", "b"], at: [0, 1, 0, 1, 0, 1, 0, 1, 0] });
    expect(times).toEqual({ same: 1 });
  });

  test("have no text beyond a bound, and none that hides", () => {
    const [, names] = gatherRows([{ flow: 1, name: `\u202e${"x".repeat(700)}`, tookMs: 1 }], SHAPE).columns;
    expect(names?.values).toEqual({ same: `\\u{202E}${"x".repeat(599)}…` });
  });
});

describe("the window of rows", () => {
  test("holds what can be seen and some around it", () => {
    expect(windowOf(50_000, 30, 30_000, 300)).toEqual({ from: 988, to: 1022 });
  });

  test("ends where the list ends, however far it was scrolled", () => {
    expect(windowOf(5, 30, 0, 300)).toEqual({ from: 0, to: 5 });
    expect(windowOf(100, 30, 1e9, 300)).toEqual({ from: 78, to: 100 });
  });
});
