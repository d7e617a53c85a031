import { expect, test } from "vitest";
import { RowTable } from "../../src/flow/row-table.ts";

test("rows are numbered from 0 and all zero", () => {
  const table = new RowTable(16, 10);
  expect([table.add(), table.add()]).toEqual([0, 1]);
  expect([table.int(1, 0), table.double(1, 8)]).toEqual([0, 0]);
});

test("a row keeps its fields when pages are added", () => {
  const table = new RowTable(16, 20_000);
  for (let row = 0; row < 20_000; row++) table.setInt(table.add(), 4, row);
  table.setDouble(9_999, 8, 0.1);
  expect([table.int(0, 4), table.int(4_095, 4), table.int(4_096, 4), table.int(19_999, 4)]).toEqual([
    0, 4_095, 4_096, 19_999,
  ]);
  expect(table.double(9_999, 8)).toBe(0.1);
});

test("a full table has no row", () => {
  const table = new RowTable(8, 1);
  table.add();
  expect(table.add()).toBe(-1);
});

test("a released row is used again, with all bytes zero", () => {
  const table = new RowTable(16, 1);
  const row = table.add();
  table.setInt(row, 4, 7);
  table.setDouble(row, 8, 7);
  table.release(row);
  expect(table.add()).toBe(row);
  expect([table.int(row, 4), table.double(row, 8)]).toEqual([0, 0]);
});

test("used counts rows in use, rows those ever used at once", () => {
  const table = new RowTable(8, 10);
  table.add();
  table.release(table.add());
  expect([table.used, table.rows]).toEqual([1, 2]);
});

test("numbers are added to in place", () => {
  const table = new RowTable(16, 1);
  table.add();
  table.addInt(0, 0, -3);
  table.addDouble(0, 8, 2 ** 40);
  table.addDouble(0, 8, 1);
  expect([table.int(0, 0), table.double(0, 8)]).toEqual([-3, 2 ** 40 + 1]);
});

test("a row that was never added is our own mistake", () => {
  expect(() => new RowTable(8, 1).int(5_000, 0)).toThrow(RangeError);
});

test("a ring has memory for the numbers between its oldest and its newest alone, and a page anew is zero", () => {
  const table = new RowTable(8, 16_384);
  for (let number = 0; number < 10_000; number++) table.setInt(table.enter(number), 0, number + 1);
  for (let number = 0; number < 8_192; number++) table.leave(number, 10_000);
  expect([0, 4_096, 8_192, 9_999].map((row) => table.hasPage(row))).toEqual([false, false, true, true]);
  for (let number = 10_000; number < 16_385; number++) table.enter(number);
  expect([table.int(9_999, 0), table.int(0, 0)]).toEqual([10_000, 0]);
});

test("a full ring keeps the page in which its oldest and its newest meet", () => {
  const table = new RowTable(8, 8_192);
  for (let number = 0; number < 8_192; number++) table.enter(number);
  for (let number = 8_192; number < 13_000; number++) {
    table.leave(number - 8_192, number);
    table.setInt(table.enter(number), 0, number);
  }
  expect([8_192, 12_287, 12_999].map((number) => table.int(number % 8_192, 0))).toEqual([8_192, 12_287, 12_999]);
});
