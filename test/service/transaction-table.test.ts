import { describe, expect, test } from "vitest";
import { FlowTable } from "../../src/flow/flow-table.ts";
import { TRANSACTION_BYTES, TransactionTable } from "../../src/service/transaction-table.ts";

function setUp(maxRows: number, bound: "stop" | "wrap"): { table: TransactionTable; flows: FlowTable } {
  const flows = new FlowTable(4);
  for (let flow = 0; flow < 3; flow++) flows.add();
  return { flows, table: new TransactionTable(TRANSACTION_BYTES, maxRows, bound, flows) };
}

function chain(table: TransactionTable, flow: number): number[] {
  const ids: number[] = [];
  for (let id = table.firstOf(flow); id >= 0; id = table.nextOf(id)) ids.push(id);
  return ids;
}

function told(table: TransactionTable): number[] {
  return Array.from({ length: table.length }, (_, index) => table.idAt(index));
}

describe("a transaction table", () => {
  test("chains the transactions of each flow in order", () => {
    const { table } = setUp(8, "stop");
    for (const flow of [0, 1, 0, 0, 1]) table.add(flow, table.count);
    expect(chain(table, 0)).toEqual([0, 2, 3]);
    expect(chain(table, 1)).toEqual([1, 4]);
    expect(chain(table, 2)).toEqual([]);
  });

  test("that stops keeps the first ones and counts the others", () => {
    const { table } = setUp(2, "stop");
    expect([table.add(0, 0), table.add(0, 1), table.add(0, 2)]).toEqual([0, 1, -1]);
    expect(table.notKept).toBe(1);
  });

  test("that wraps forgets the oldest and goes on counting", () => {
    const { table } = setUp(2, "wrap");
    for (const flow of [0, 1, 0, 0]) table.add(flow, table.count);
    expect(told(table)).toEqual([2, 3]);
    expect(chain(table, 0)).toEqual([2, 3]);
    expect(chain(table, 1)).toEqual([]);
    expect(table.holds(1)).toBe(false);
  });

  test("tells the rows of a released flow no more, whether they are forgotten later or not", () => {
    const { table } = setUp(4, "wrap");
    for (const flow of [0, 1, 0, 1]) table.add(flow, table.count);
    table.releaseFlow(0);
    expect(told(table)).toEqual([1, 3]);
    expect(chain(table, 0)).toEqual([]);
    for (const flow of [0, 0, 0]) table.add(flow, table.count);
    expect(told(table)).toEqual([3, 4, 5, 6]);
  });

  test("gives fresh rows with nothing of the forgotten ones", () => {
    const flows = new FlowTable(1);
    flows.add();
    const table = new TransactionTable(TRANSACTION_BYTES + 8, 1, "wrap", flows);
    table.setInt(table.add(0, 0), TRANSACTION_BYTES, 99);
    expect(table.int(table.add(0, 1), TRANSACTION_BYTES)).toBe(0);
  });

  test("tells its transactions in order of their first packets", () => {
    const { table } = setUp(8, "stop");
    for (const packet of [4, 9, 5, 10]) table.add(0, packet);
    expect(told(table)).toEqual([0, 2, 1, 3]);
  });

  test("forgets what is old, but for the latest, and all whose flow was released; what goes is told once", () => {
    const { table } = setUp(8, "wrap");
    for (const flow of [0, 1, 0, 2, 1, 1]) table.add(flow, table.count);
    const told: number[] = [];
    table.onForget = (id) => told.push(id);
    table.releaseFlow(0);
    table.forgetWhile((id) => id < 5, 3);
    expect([told, Array.from({ length: table.length }, (_, at) => table.idAt(at))]).toEqual([[1], [3, 4, 5]]);
    table.forgetWhile((id) => id < 5, 0);
    expect([told, chain(table, 1), table.first]).toEqual([[1, 3, 4], [5], 5]);
  });
});
