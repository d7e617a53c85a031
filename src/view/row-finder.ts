/** Answers windows of a report's lists: filters, sorts and picks. One for each snapshot; what was computed is kept as long as that is shown. */

import { MAX_WINDOW_ROWS } from "../limits.ts";
import type { Severity } from "../report/report.ts";
import type { ReportView } from "../report/report-view.ts";
import type { RowQuery, RowWindow, TableName, TableRows } from "../report/view-source.ts";
import { NumberColumn } from "./column.ts";
import { type Filter, type FilterTerm, parseFilter } from "./filter.ts";
import { type Found, findNumbers, findValues, findWord } from "./match.ts";
import { orderBy } from "./order.ts";
import { type Breathe, readColumns, type TableColumns } from "./table-columns.ts";
import { rowsOf, TABLES, TABLES_OF_FLOWS } from "./tables.ts";

/** Orders and lists of matching rows of one table that are kept, four bytes a row each. */
const KEPT_LISTS = 2;

const SEVERITIES: readonly Severity[] = ["notice", "warning", "critical"];

/** Tables whose rows are told by flow. */
type FlowTable = (typeof TABLES_OF_FLOWS)[number] | "flows";

export class RowFinder {
  readonly #view: ReportView;
  readonly #revision: number;
  readonly #breathe: Breathe;
  readonly #columns = new Map<TableName, Promise<TableColumns>>();
  readonly #orders = new Kept<Uint32Array>(KEPT_LISTS * Object.keys(TABLES).length);
  readonly #lists = new Kept<Uint32Array>(KEPT_LISTS * Object.keys(TABLES).length);

  /** `view` stays readable as long as this is asked; without `breathe` it need be for the turn of the event loop alone. */
  constructor(view: ReportView, revision: number, breathe: Breathe) {
    this.#view = view;
    this.#revision = revision;
    this.#breathe = breathe;
  }

  async window<Table extends TableName>(query: RowQuery<Table>): Promise<RowWindow<TableRows[Table]>> {
    const { table, sort } = query;
    const rows = rowsOf(this.#view, table);
    const parsed = parseFilter(query.filter);
    const filter = parsed.problem === null ? withoutForeign(parsed, table) : parsed;
    const isPlain = filter.terms.length === 0 && (sort === null || (sort.column === "time" && !sort.descending));
    const list = isPlain ? null : await this.#list(table, filter, query.filter, sort);
    const matched = list === null ? rows.length : list.length;
    const start = Math.min(Math.max(0, Math.trunc(query.start)), matched);
    const count = Math.min(Math.max(0, Math.trunc(query.count)), MAX_WINDOW_ROWS, matched - start);
    const picked: { index: number; row: TableRows[Table] }[] = [];
    for (let at = start; at < start + count; at++) {
      const index = list === null ? at : (list[at] ?? -1);
      const row = rows.at(index);
      if (row !== undefined) picked.push({ index, row });
    }
    return {
      revision: this.#revision,
      total: rows.length,
      matched,
      start,
      rows: picked,
      filterProblem: filter.problem,
    };
  }

  /** Rows of a table that name this flow, in order. */
  async ofFlow<Table extends (typeof TABLES_OF_FLOWS)[number]>(
    table: Table,
    flow: number,
    most: number,
  ): Promise<TableRows[Table][]> {
    const column = (await this.columns(table)).columns.get("flow");
    if (!(column instanceof NumberColumn)) return [];
    const rows = rowsOf(this.#view, table);
    const found: TableRows[Table][] = [];
    for (
      let at = column.values.indexOf(flow);
      at >= 0 && found.length < most;
      at = column.values.indexOf(flow, at + 1)
    ) {
      const row = rows.at(at);
      if (row !== undefined) found.push(row);
    }
    return found;
  }

  /** Reads a table's columns, at the first call. */
  columns(table: TableName): Promise<TableColumns> {
    let columns = this.#columns.get(table);
    if (columns === undefined) {
      columns = this.#readColumns(table);
      this.#columns.set(table, columns);
    }
    return columns;
  }

  #readColumns<Table extends TableName>(table: Table): Promise<TableColumns> {
    return readColumns(rowsOf(this.#view, table), TABLES[table].columns, this.#breathe);
  }

  async #list(table: TableName, filter: Filter, text: string, sort: RowQuery["sort"]): Promise<Uint32Array> {
    const sortKey = sort === null ? "" : `${sort.column} ${sort.descending}`;
    const key = `${table} ${sortKey} ${filter.terms.length === 0 ? "" : text}`;
    const kept = this.#lists.get(key);
    if (kept !== null) return kept;
    const order = await this.#order(table, sort);
    const found = await this.#matching(table, filter.terms);
    const list = found === null ? order : picked(order, found);
    this.#lists.set(key, list);
    return list;
  }

  async #order(table: TableName, sort: RowQuery["sort"]): Promise<Uint32Array> {
    const key = sort === null ? `${table}` : `${table} ${sort.column} ${sort.descending}`;
    const kept = this.#orders.get(key);
    if (kept !== null) return kept;
    let order: Uint32Array = new Uint32Array(rowsOf(this.#view, table).length);
    for (let row = 0; row < order.length; row++) order[row] = row;
    if (sort?.column === "time" && sort.descending) order.reverse();
    else if (sort !== null) {
      const keys = await this.#keys(table, sort.column);
      for (const one of keys.reverse()) order = orderBy(one, sort.descending, order);
    }
    this.#orders.set(key, order);
    return order;
  }

  /** Keys of rows, the ones that decide first. None for a column that the table does not have. */
  async #keys(table: TableName, column: string): Promise<Float64Array[]> {
    if (column === "anomalies" && table === "flows") return [this.#severities()];
    const { columns } = await this.columns(table);
    const definition = TABLES[table];
    const ids = Object.hasOwn(definition.sorts, column) ? (definition.sorts[column] ?? []) : [column];
    const own = ids.flatMap((id) => columns.get(id)?.keys() ?? []);
    if (own.length > 0 || !isTransactions(table)) return own;
    const ofFlows = await this.#keys("flows", column);
    const flows = columns.get("flow");
    if (!(flows instanceof NumberColumn)) return [];
    return ofFlows.map((keys) => flows.values.map((flow) => keys[flow] ?? Number.NaN));
  }

  /** How bad the worst anomaly of each flow is; 0 without any. */
  #severities(): Float64Array {
    const keys = new Float64Array(this.#view.flows.length);
    for (const { severity, flows } of this.#view.anomalies) {
      const weight = SEVERITIES.indexOf(severity) + 1;
      for (const flow of flows) if ((keys[flow] ?? 0) < weight) keys[flow] = weight;
    }
    return keys;
  }

  /** Rows for which every term holds; null when there is no term. */
  async #matching(table: TableName, terms: readonly FilterTerm[]): Promise<Found | null> {
    let all: Found | null = null;
    for (const term of terms) {
      const found = await this.#found(table, term);
      if (term.negated) for (let row = 0; row < found.length; row++) found[row] = 1 - (found[row] ?? 0);
      if (all === null) all = found;
      else for (let row = 0; row < all.length; row++) all[row] = (all[row] ?? 0) & (found[row] ?? 0);
    }
    return all;
  }

  /** Rows that have what the term says, negated or not, in the table itself or in what belongs to the same flow. */
  async #found(table: TableName, term: FilterTerm): Promise<Found> {
    const found = await this.#foundHere(table, term);
    if (!isOfFlows(table)) return found;
    if (term.kind !== "word" && isFieldOf(table, term.field)) return found;
    if (table === "flows") {
      for (const other of TABLES_OF_FLOWS) {
        if (term.kind !== "word" && !isFieldOf(other, term.field)) continue;
        const { columns } = await this.columns(other);
        const there = await this.#foundHere(other, term);
        const flows = columns.get("flow");
        if (!(flows instanceof NumberColumn)) continue;
        for (let row = 0; row < there.length; row++) {
          const flow = flows.values[row] ?? -1;
          if (there[row] === 1 && flow < found.length) found[flow] = 1;
        }
      }
      return found;
    }
    const flows = (await this.columns(table)).columns.get("flow");
    if (!(flows instanceof NumberColumn)) return found;
    const there = await this.#foundHere("flows", term);
    for (let row = 0; row < found.length; row++) if (there[flows.values[row] ?? -1] === 1) found[row] = 1;
    return found;
  }

  async #foundHere(table: TableName, term: FilterTerm): Promise<Found> {
    const found = new Uint8Array(rowsOf(this.#view, table).length);
    if (term.kind === "field" && term.field === "anomaly") {
      if (table === "flows") this.#findAnomalies(term.values, found);
      return found;
    }
    const columns = await this.columns(table);
    const definition = TABLES[table];
    if (term.kind === "word") {
      findWord(columns, definition, term.text, found);
      return found;
    }
    const field = Object.hasOwn(definition.fields, term.field) ? definition.fields[term.field] : undefined;
    if (field === undefined) return found;
    const looked = field.columns.flatMap((id) => columns.columns.get(id) ?? []);
    if (term.kind === "number") findNumbers(looked, term.ranges, found);
    else findValues(field.match, looked, term.values, found);
    return found;
  }

  #findAnomalies(values: readonly string[], found: Found): void {
    for (const { rule, severity, flows } of this.#view.anomalies) {
      const isMeant = values.some(
        (value) => "any".startsWith(value) || severity.startsWith(value) || rule.startsWith(value),
      );
      if (isMeant) for (const flow of flows) if (flow < found.length) found[flow] = 1;
    }
  }
}

/** Values by key, of which the least recently used go first. */
class Kept<Value> {
  readonly #most: number;
  readonly #values = new Map<string, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | null {
    const value = this.#values.get(key);
    if (value === undefined) return null;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#values.set(key, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#most) break;
      this.#values.delete(oldest);
    }
  }
}

/** A field that says nothing about the table's rows is a problem, and not a filter that finds nothing. */
function withoutForeign(filter: Filter, table: TableName): Filter {
  const foreign = filter.terms.find((term) => term.kind !== "word" && !appliesTo(table, term.field));
  if (foreign === undefined || foreign.kind === "word") return filter;
  const names: Readonly<Record<TableName, string>> = {
    flows: "flows",
    dns: "DNS transactions",
    dhcp: "DHCP exchanges",
    http: "HTTP operations",
    probes: "probes",
  };
  return { terms: [], problem: `${foreign.field} says nothing about ${names[table]}.` };
}

function appliesTo(table: TableName, field: string): boolean {
  if (isFieldOf(table, field)) return true;
  if (table === "flows") return TABLES_OF_FLOWS.some((other) => isFieldOf(other, field));
  return isTransactions(table) && isFieldOf("flows", field);
}

function isFieldOf(table: TableName, field: string): boolean {
  return Object.hasOwn(TABLES[table].fields, field) || (field === "anomaly" && table === "flows");
}

function isTransactions(table: TableName): table is (typeof TABLES_OF_FLOWS)[number] {
  return TABLES_OF_FLOWS.some((one) => one === table);
}

function isOfFlows(table: TableName): table is FlowTable {
  return table === "flows" || isTransactions(table);
}

/** The rows of `order` that were found. */
function picked(order: Uint32Array, found: Found): Uint32Array {
  let count = 0;
  for (const row of order) count += found[row] ?? 0;
  const list = new Uint32Array(count);
  let at = 0;
  for (const row of order) if (found[row] === 1) list[at++] = row;
  return list;
}
