/** What the person at the keyboard has chosen: plain data, replaced as a whole with each change. */
import type { DhcpExchange, PacketRef, ProbeSeries } from "../report/report.ts";
import type { RowQuery, TableName } from "../report/view-source.ts";

/** The views that number keys choose. */
export type ViewId = "anomalies" | "nics" | "capture" | TableName;

/** Something opened over a view. */
export type Page =
  | { readonly kind: "anomaly"; readonly key: string }
  | { readonly kind: "flow"; readonly id: number }
  | { readonly kind: "dhcp"; readonly exchange: DhcpExchange }
  | { readonly kind: "probe"; readonly series: ProbeSeries }
  | { readonly kind: "packet"; readonly packet: PacketRef }
  | { readonly kind: "help" };

/** Where a list stands: the item under the cursor, and the first one that is shown. */
export interface Scroll {
  readonly selected: number;
  readonly top: number;
}

export type Sort = RowQuery["sort"];

/** A table's choices. */
export interface TableState extends Scroll {
  readonly filter: string;
  readonly sort: Sort;
  /** The cursor goes with the newest row. */
  readonly follow: boolean;
}

export interface OpenPage extends Scroll {
  readonly page: Page;
}

/** A line that is being typed. */
export interface Prompt {
  readonly kind: "filter" | "write" | "export";
  readonly text: string;
  /** Where the next character goes, in code units. */
  readonly cursor: number;
  /** The filter as it was, for Esc. */
  readonly before: string;
}

/** A sentence in the footer that goes away by itself. */
export interface Message {
  readonly text: string;
  readonly good: boolean;
}

export interface UiState {
  readonly columns: number;
  readonly rows: number;
  readonly view: ViewId;
  /** Opened over the view, the last one on top. */
  readonly pages: readonly OpenPage[];
  readonly lists: Readonly<Record<"anomalies" | "nics" | "capture", Scroll>>;
  readonly tables: Readonly<Record<TableName, TableState>>;
  readonly prompt: Prompt | null;
  readonly paused: boolean;
  readonly message: Message | null;
}

export const TABLE_NAMES: readonly TableName[] = ["flows", "dns", "dhcp", "http", "probes"];

const AT_START: Scroll = { selected: 0, top: 0 };
const PLAIN_TABLE: TableState = { ...AT_START, filter: "", sort: null, follow: false };

export function initialState(columns: number, rows: number): UiState {
  return {
    columns,
    rows,
    view: "anomalies",
    pages: [],
    lists: { anomalies: AT_START, nics: AT_START, capture: AT_START },
    tables: { flows: PLAIN_TABLE, dns: PLAIN_TABLE, dhcp: PLAIN_TABLE, http: PLAIN_TABLE, probes: PLAIN_TABLE },
    prompt: null,
    paused: false,
    message: null,
  };
}

export function isTable(view: ViewId): view is TableName {
  return TABLE_NAMES.some((name) => name === view);
}

/** The table on show; null when something else is. */
export function shownTable(state: UiState): TableName | null {
  return state.pages.length === 0 && isTable(state.view) ? state.view : null;
}

/** The list that keys move in. */
export function scrollOf(state: UiState): Scroll {
  const page = state.pages.at(-1);
  if (page !== undefined) return page;
  return isTable(state.view) ? state.tables[state.view] : state.lists[state.view];
}

export function withScroll(state: UiState, scroll: Scroll): UiState {
  const { selected, top } = scroll;
  const page = state.pages.at(-1);
  if (page !== undefined) return { ...state, pages: [...state.pages.slice(0, -1), { ...page, selected, top }] };
  if (isTable(state.view)) return withTable(state, state.view, { selected, top });
  return { ...state, lists: { ...state.lists, [state.view]: { selected, top } } };
}

export function withTable(state: UiState, table: TableName, over: Partial<TableState>): UiState {
  return { ...state, tables: { ...state.tables, [table]: { ...state.tables[table], ...over } } };
}

export function withPage(state: UiState, page: Page): UiState {
  return { ...state, pages: [...state.pages, { page, ...AT_START }] };
}

/** The scroll with `selected` within `count` items, and shown among the `room` items of the screen. */
export function settled(scroll: Scroll, count: number, room: number): Scroll {
  const selected = Math.max(0, Math.min(scroll.selected, count - 1));
  const lowest = Math.max(0, count - room);
  const top = Math.max(0, Math.min(scroll.top, selected, lowest));
  return { selected, top: selected >= top + room ? selected - room + 1 : top };
}
