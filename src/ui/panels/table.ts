/** A table of any length: its columns' titles, and the rows that are shown. */
import { cutTo, padded } from "../../bytes/text-columns.ts";
import { count } from "../../report/values.ts";
import type { TableName, TableRows } from "../../report/view-source.ts";
import type { Body, Item } from "../body.ts";
import { type Column, TABLES } from "../columns.ts";
import type { ScreenModel } from "../model.ts";
import { fitted, type Line, lineWidth, type Piece, piece } from "../parts/line.ts";
import type { TableState } from "../state.ts";
import { pollingLines } from "./polling.ts";

const GAP = 1;

interface Placed<Row> {
  readonly column: Column<Row>;
  readonly columns: number;
}

export function tableBody<Name extends TableName>(name: Name, model: ScreenModel, columns: number): Body {
  const table = TABLES[name];
  const window = model.data.windows[name];
  const placed = placedColumns<TableRows[Name]>(table.columns, columns);
  const state = model.state.tables[name];
  const status = statusLine(name, model);
  const head = [
    ...(name === "http" ? pollingLines(model, columns) : []),
    ...(status.length > 0 ? [status] : []),
    titleLine(placed, state, model),
  ];
  return {
    head,
    // Keys that are typed ahead move among rows that have not come yet.
    count: window?.matched ?? model.data.overview?.counts[name] ?? 0,
    itemLines: 1,
    item(index): Item | null {
      const found = window?.rows[index - window.start];
      if (found === undefined) return null;
      return {
        lines: [rowLine(placed, found.row, model)],
        target: { page: table.page(found.row), copy: null },
        notable: table.isNotable(found.row),
      };
    },
    empty:
      window === null
        ? []
        : [[], [piece(`  ${table.empty}${state.filter === "" ? "." : " matches the filter."}`, "faint")]],
  };
}

/** The columns that a screen of this width has, flexible ones sharing what is left. */
function placedColumns<Row>(all: readonly Column<Row>[], columns: number): Placed<Row>[] {
  const shown = all.filter(({ from }) => from === undefined || from <= columns + 2);
  const used = shown.reduce((sum, column) => sum + column.columns + GAP, -GAP);
  const flexible = shown.filter((column) => column.flexible).length;
  const each = flexible === 0 ? 0 : Math.floor((columns - used) / flexible);
  return shown.map((column) => ({ column, columns: Math.max(1, column.columns + (column.flexible ? each : 0)) }));
}

function titleLine<Row>(placed: readonly Placed<Row>[], { sort }: TableState, { theme }: ScreenModel): Line {
  const { ascending, descending, ellipsis } = theme.symbols;
  return placed.map(({ column, columns }, index) => {
    const sorted = sort !== null && column.id === sort.column;
    const title = sorted ? `${column.title}${sort.descending ? descending : ascending}` : column.title;
    const gap = index < placed.length - 1 ? " " : "";
    return piece(padded(cutTo(title, columns, ellipsis), columns, column.align) + gap, sorted ? "strong" : "faint");
  });
}

function rowLine<Row>(placed: readonly Placed<Row>[], row: Row, model: ScreenModel): Line {
  const { ellipsis } = model.theme.symbols;
  return placed.flatMap(({ column, columns }, index): Piece[] => {
    const cell = column.cell(row, model, columns);
    const line: Line = "text" in cell ? [cell] : cell;
    const cut = fitted(line, Math.min(columns, Math.max(0, lineWidth(line))), ellipsis);
    const space = piece(" ".repeat(Math.max(0, columns - lineWidth(cut))));
    const gap = piece(index < placed.length - 1 ? " " : "");
    return column.align === "right" ? [space, ...cut, gap] : [...cut, space, gap];
  });
}

/** What the table was asked beside showing all rows in order; empty when nothing. */
function statusLine(name: TableName, model: ScreenModel): Line {
  const { filter, sort, follow } = model.state.tables[name];
  const window = model.data.windows[name];
  const line: Piece[] = [];
  if (filter !== "") {
    line.push(piece("filter ", "faint"), piece(filter, "strong"));
    if (window !== null) line.push(piece(`  ${count(window.matched)} of ${count(window.total)}`, "faint"));
    if (window?.filterProblem) line.push(piece(`  ${window.filterProblem}`, "bad"));
  }
  if (sort !== null)
    line.push(
      piece(`${line.length > 0 ? "   " : ""}sorted by ${sort.column}${sort.descending ? ", reversed" : ""}`, "faint"),
    );
  if (follow) line.push(piece(`${line.length > 0 ? "   " : ""}following the newest`, "accent"));
  return line;
}
