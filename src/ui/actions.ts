/** What commands do: from one state to the next, and what is to be done beside it. */

import { MAX_OPEN_PAGES } from "../limits.ts";
import type { TableName } from "../report/view-source.ts";
import { bodyOf } from "./bodies.ts";
import type { Body } from "./body.ts";
import { sortColumns } from "./columns.ts";
import type { Command, Place } from "./keys.ts";
import { layoutOf } from "./layout.ts";
import { anomaliesOf, anomalyKey, type ScreenModel } from "./model.ts";
import { tiledServices } from "./panels/services-strip.ts";
import { VIEWS } from "./panels/tabs.ts";
import {
  isTable,
  type Page,
  type Prompt,
  scrollOf,
  settled,
  type TableState,
  type UiState,
  type ViewId,
  withPage,
  withScroll,
  withTable,
} from "./state.ts";

/** What a command asks for beside a new state. */
export type Effect =
  | { readonly kind: "quit" }
  | { readonly kind: "suspend" }
  | { readonly kind: "copy"; readonly text: string; readonly what: string }
  | { readonly kind: "find-row"; readonly step: 1 | -1 };

export interface Outcome {
  readonly state: UiState;
  readonly effect: Effect | null;
}

/** Where the cursor is. */
export function placeOf(state: UiState): Place {
  if (state.pages.length > 0) return "page";
  return isTable(state.view) ? "table" : "list";
}

/** The items that fit under the body's fixed lines. */
export function roomOf(model: ScreenModel, body: Body): number {
  const layout = layoutOf(model.state, tiledServices(model.data).length);
  return layout === null ? 1 : Math.max(1, Math.floor((layout.bodyRows - body.head.length) / body.itemLines));
}

/** The state with its cursor on an item that exists, and that item on the screen. */
export function settledState(model: ScreenModel): UiState {
  const body = bodyOf(model);
  if (body.count === 0) return model.state;
  const { state } = model;
  const table = state.pages.length === 0 && isTable(state.view) ? state.tables[state.view] : null;
  const scroll = table?.follow === true ? { ...scrollOf(state), selected: newest(table, body.count) } : scrollOf(state);
  const next = settled(scroll, body.count, roomOf(model, body));
  return next.selected === scrollOf(state).selected && next.top === scrollOf(state).top
    ? state
    : withScroll(state, next);
}

export function act(command: Command, model: ScreenModel): Outcome {
  const { state } = model;
  const effect = effectOf(command, model);
  if (effect !== null) return { state, effect };
  return { state: stateAfter(command, model), effect: null };
}

function effectOf(command: Command, model: ScreenModel): Effect | null {
  switch (command) {
    case "quit":
      return { kind: "quit" };
    case "suspend":
      return { kind: "suspend" };
    case "copy": {
      const copy = bodyOf(model).item(scrollOf(model.state).selected)?.target?.copy ?? pageCopy(model);
      return copy === null ? null : { kind: "copy", ...copy };
    }
    case "next-notable":
    case "previous-notable":
      return placeOf(model.state) === "table" ? { kind: "find-row", step: command === "next-notable" ? 1 : -1 } : null;
    default:
      return null;
  }
}

/** What `y` copies where the cursor is on nothing of its own. */
function pageCopy(model: ScreenModel): { text: string; what: string } | null {
  const page = model.state.pages.at(-1)?.page;
  if (page?.kind === "packet") return { text: String(page.packet.frame), what: "packet number" };
  if (page?.kind !== "anomaly") return null;
  const anomaly = anomaliesOf(model.data).find((one) => anomalyKey(one) === page.key);
  return anomaly === undefined ? null : { text: anomaly.displayFilter, what: "display filter" };
}

function stateAfter(command: Command, model: ScreenModel): UiState {
  const { state } = model;
  switch (command) {
    case "help":
      return state.pages.at(-1)?.page.kind === "help" ? withoutPage(state) : opened(state, { kind: "help" });
    case "back":
      return withoutPage(state);
    case "open": {
      const page = bodyOf(model).item(scrollOf(state).selected)?.target?.page ?? null;
      return page === null ? atNextPlace(model) : opened(state, page);
    }
    case "up":
      return moved(model, () => -1);
    case "down":
      return moved(model, () => 1);
    case "page-up":
      return moved(model, (room) => -room);
    case "page-down":
      return moved(model, (room) => room);
    case "half-up":
      return moved(model, (room) => -Math.ceil(room / 2));
    case "half-down":
      return moved(model, (room) => Math.ceil(room / 2));
    case "first":
      return moved(model, (_, count) => -count);
    case "last":
      return moved(model, (_, count) => count);
    case "next-view":
      return shown(state, VIEWS[(viewIndex(state) + 1) % VIEWS.length]?.id ?? state.view);
    case "previous-view":
      return shown(state, VIEWS[(viewIndex(state) + VIEWS.length - 1) % VIEWS.length]?.id ?? state.view);
    case "view-anomalies":
      return shown(state, "anomalies");
    case "view-flows":
      return shown(state, "flows");
    case "view-dns":
      return shown(state, "dns");
    case "view-dhcp":
      return shown(state, "dhcp");
    case "view-http":
      return shown(state, "http");
    case "view-probes":
      return shown(state, "probes");
    case "view-nics":
      return shown(state, "nics");
    case "view-capture":
      return shown(state, "capture");
    case "filter":
    case "clear":
    case "sort":
    case "reverse":
    case "follow":
      return tableAfter(command, state);
    case "next-notable":
      return notable(model, 1);
    case "previous-notable":
      return notable(model, -1);
    case "pause":
      return { ...state, paused: !state.paused };
    case "write":
      return prompted(state, { kind: "write", text: "", cursor: 0, before: "" });
    case "export":
      return prompted(state, { kind: "export", text: "", cursor: 0, before: "" });
    case "quit":
    case "suspend":
    case "copy":
      return state;
    default:
      return command satisfies never;
  }
}

function tableAfter(command: "filter" | "clear" | "sort" | "reverse" | "follow", state: UiState): UiState {
  const { view } = state;
  if (!isTable(view)) return state;
  const table = state.tables[view];
  switch (command) {
    case "filter":
      return prompted(state, { kind: "filter", text: table.filter, cursor: table.filter.length, before: table.filter });
    case "clear":
      return withTable(state, view, { filter: "", selected: 0, top: 0 });
    case "sort":
      return withTable(state, view, { sort: nextSort(view, table), selected: 0, top: 0 });
    case "reverse": {
      const { sort } = table;
      const column = sort?.column ?? sortColumns(view)[0] ?? "";
      return withTable(state, view, {
        sort: { column, descending: !(sort?.descending ?? false) },
        selected: 0,
        top: 0,
      });
    }
    case "follow":
      return withTable(state, view, { follow: !table.follow });
    default:
      return command satisfies never;
  }
}

/** Each sortable column in its turn, then the order of the first packet again. */
function nextSort(view: TableName, table: TableState): TableState["sort"] {
  const ids = sortColumns(view).filter((id) => id !== "time");
  const next = ids[table.sort === null ? 0 : ids.indexOf(table.sort.column) + 1];
  return next === undefined ? null : { column: next, descending: table.sort?.descending ?? false };
}

/** The newest row is the last one, unless the order is turned round. */
function newest(table: TableState, count: number): number {
  return table.sort?.descending === true ? 0 : count - 1;
}

/** A move by hand ends the following. */
function moved(model: ScreenModel, distance: (room: number, count: number) => number): UiState {
  const body = bodyOf(model);
  const room = roomOf(model, body);
  const scroll = scrollOf(model.state);
  const by = distance(room, body.count);
  const top = Math.abs(by) > 1 ? scroll.top + by : scroll.top;
  const next = settled({ selected: scroll.selected + by, top }, body.count, room);
  const state = withScroll(model.state, next);
  return placeOf(state) === "table" && isTable(state.view) ? withTable(state, state.view, { follow: false }) : state;
}

/** Text opens nothing: Enter on it goes to the next line of the page that does, so that pressing it again digs deeper. */
function atNextPlace(model: ScreenModel): UiState {
  const { state } = model;
  if (state.pages.length === 0) return state;
  const body = bodyOf(model);
  const scroll = scrollOf(state);
  for (let index = scroll.selected + 1; index < body.count; index++) {
    if (body.item(index)?.target?.page != null)
      return withScroll(state, settled({ ...scroll, selected: index }, body.count, roomOf(model, body)));
  }
  return state;
}

/** The next item of a page that is marked; of an anomaly, the next anomaly. */
function notable(model: ScreenModel, step: 1 | -1): UiState {
  const { state } = model;
  const page = state.pages.at(-1)?.page;
  if (page?.kind === "anomaly") return nextAnomaly(model, page.key, step);
  const body = bodyOf(model);
  const scroll = scrollOf(state);
  for (let index = scroll.selected + step; index >= 0 && index < body.count; index += step) {
    if (body.item(index)?.notable === true)
      return withScroll(state, settled({ ...scroll, selected: index }, body.count, roomOf(model, body)));
  }
  return state;
}

function nextAnomaly(model: ScreenModel, key: string, step: 1 | -1): UiState {
  const anomalies = anomaliesOf(model.data);
  const next = anomalies[anomalies.findIndex((one) => anomalyKey(one) === key) + step];
  return next === undefined
    ? model.state
    : opened(withoutPage(model.state), { kind: "anomaly", key: anomalyKey(next) });
}

function opened(state: UiState, page: Page): UiState {
  return withPage(state.pages.length < MAX_OPEN_PAGES ? state : { ...state, pages: state.pages.slice(1) }, page);
}

function withoutPage(state: UiState): UiState {
  return { ...state, pages: state.pages.slice(0, -1) };
}

function shown(state: UiState, view: ViewId): UiState {
  return { ...state, view, pages: [] };
}

function viewIndex(state: UiState): number {
  return VIEWS.findIndex((view) => view.id === state.view);
}

function prompted(state: UiState, prompt: Prompt): UiState {
  return { ...state, prompt, message: null };
}
