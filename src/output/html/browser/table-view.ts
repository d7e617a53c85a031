/** One table in the page: a filter above it, headings that sort, and a window of rows, of which one can be opened. */
import { count } from "../../../report/values.ts";
import { type ColumnData, FAILED_MARK } from "../table-data.ts";
import { setColumnWidths } from "./column-widths.ts";
import { element } from "./element.ts";
import { matchingRows } from "./filter.ts";
import type { PageTable } from "./page-table.ts";
import { windowOf } from "./row-window.ts";
import { sortedRows } from "./sort.ts";

/** Height of a row in pixels, as the style has it. */
const ROW_HEIGHT = 30;
/** Typing is over after so long. */
const TYPING_MS = 120;
/** Rows that are printed. */
const PRINTED_ROWS = 150;

export class TableView {
  readonly #table: PageTable;
  readonly #columns: readonly ColumnData[];
  readonly #details: readonly ColumnData[];
  readonly #filter: HTMLInputElement;
  readonly #oddOnly: HTMLInputElement;
  readonly #found: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #whole: HTMLTableElement;
  readonly #head: readonly HTMLTableCellElement[];
  readonly #body: HTMLTableSectionElement;
  #rows: Uint32Array;
  #sort: ColumnData | null = null;
  #descending = false;
  /** The row that is open, by its number in the data; -1 without one. */
  #open = -1;
  #openHeight = 0;
  #drawn = "";
  #typing = 0;

  constructor(place: HTMLElement, table: PageTable, title: string) {
    this.#table = table;
    this.#columns = table.columns.filter((column) => column.place === "table");
    this.#details = table.columns.filter((column) => column.place === "detail");
    this.#rows = matchingRows(table, "", false);
    const id = place.dataset["table"] ?? "";
    this.#filter = element("input", { type: "search", id: `${id}-filter`, autocomplete: "off", spellcheck: "false" });
    this.#oddOnly = element("input", { type: "checkbox", disabled: table.odd.size === 0 });
    this.#found = element("output", { for: `${id}-filter`, class: "found" });
    this.#head = this.#columns.map((column) => this.#heading(column));
    this.#body = element("tbody");
    this.#whole = element(
      "table",
      { class: "windowed" },
      element("caption", { class: "hidden" }, `${title}; headings sort, the first cell of a row opens it`),
      element("thead", {}, element("tr", { "aria-rowindex": 1 }, ...this.#head)),
      this.#body,
    );
    setColumnWidths(this.#whole, table, this.#columns);
    this.#scroller = element(
      "div",
      { class: "window", tabindex: 0, role: "group", "aria-label": `Rows of ${title}` },
      this.#whole,
    );
    place.append(this.#controls(`${id}-filter`), this.#scroller);
    this.#listen();
    this.#update();
  }

  /** Shows the rows that match, from the first one on. */
  filter(text: string): void {
    this.#filter.value = text;
    this.#oddOnly.checked = false;
    this.#update();
  }

  /** All rows up to a bound, for paper, which does not scroll; and the window again. */
  print(printing: boolean): void {
    this.#scroller.classList.toggle("printing", printing);
    if (printing) this.#draw(0, Math.min(this.#rows.length, PRINTED_ROWS), PRINTED_ROWS);
    else this.#redraw();
  }

  #controls(filterId: string): HTMLElement {
    const names = this.#columns.map(({ name }) => name);
    const example = this.#columns.find(({ wide }) => wide)?.name ?? names[0];
    const hint = `Words that all must be found; name:word looks into one column (${names.join(", ")})`;
    this.#filter.title = hint;
    this.#filter.placeholder = `words, or ${example}:word`;
    return element(
      "div",
      { class: "controls" },
      element("label", { for: filterId }, "Filter"),
      this.#filter,
      element("label", { class: "check" }, this.#oddOnly, ` problems only (${count(this.#table.odd.size)})`),
      this.#found,
    );
  }

  #heading(column: ColumnData): HTMLTableCellElement {
    const button = element("button", { type: "button" }, column.title);
    const cell = element(
      "th",
      { scope: "col", class: isNumber(column) ? "number" : null, "aria-sort": "none" },
      button,
    );
    button.addEventListener("click", () => {
      this.#descending = this.#sort === column && !this.#descending;
      this.#sort = column;
      this.#update();
    });
    return cell;
  }

  #listen(): void {
    this.#filter.addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#update(), TYPING_MS);
    });
    this.#oddOnly.addEventListener("change", () => this.#update());
    this.#scroller.addEventListener("scroll", () => requestAnimationFrame(() => this.#drawWindow()), { passive: true });
    new ResizeObserver(() => this.#drawWindow()).observe(this.#scroller);
    this.#body.addEventListener("click", (event) => this.#clicked(event));
  }

  #clicked({ target }: Event): void {
    if (!(target instanceof Element) || target.closest("a, .detail") !== null) return;
    if (document.getSelection()?.isCollapsed === false) return;
    const row = Number(target.closest("tr")?.dataset["row"] ?? -1);
    if (row < 0) return;
    const focused = target.closest("button") !== null;
    this.#open = this.#open === row ? -1 : row;
    this.#redraw();
    if (focused) this.#body.querySelector<HTMLElement>(`tr[data-row="${row}"] button`)?.focus();
  }

  #update(): void {
    const matching = matchingRows(this.#table, this.#filter.value, this.#oddOnly.checked);
    this.#rows = sortedRows(this.#table, matching, this.#sort, this.#descending);
    for (const [index, column] of this.#columns.entries()) {
      const order = column !== this.#sort ? "none" : this.#descending ? "descending" : "ascending";
      this.#head[index]?.setAttribute("aria-sort", order);
    }
    const found = this.#rows.length;
    this.#found.textContent = `${count(found)} of ${count(this.#table.rows)}`;
    this.#whole.setAttribute("aria-rowcount", String(found + 1));
    this.#open = -1;
    this.#scroller.scrollTop = 0;
    this.#redraw();
  }

  #redraw(): void {
    this.#drawn = "";
    this.#drawWindow();
  }

  #drawWindow(): void {
    if (this.#scroller.classList.contains("printing")) return;
    const place = this.#rows.indexOf(this.#open);
    const { clientHeight } = this.#scroller;
    let { scrollTop } = this.#scroller;
    if (place >= 0 && scrollTop > place * ROW_HEIGHT)
      scrollTop = Math.max(place * ROW_HEIGHT, scrollTop - this.#openHeight);
    const { from, to } = windowOf(this.#rows.length, ROW_HEIGHT, scrollTop, clientHeight);
    const key = `${from} ${to}`;
    if (key !== this.#drawn) this.#draw(from, to, this.#rows.length);
    this.#drawn = key;
  }

  /** Puts the rows `[from, to)` into the page, and room for those around them up to `end`. */
  #draw(from: number, to: number, end: number): void {
    const place = this.#rows.indexOf(this.#open);
    const focused = this.#focusedRow();
    const above = from * ROW_HEIGHT + (place >= 0 && place < from ? this.#openHeight : 0);
    const below =
      Math.max(0, Math.min(end, this.#rows.length) - to) * ROW_HEIGHT + (place >= to ? this.#openHeight : 0);
    const drawn = Array.from(this.#rows.subarray(from, to), (row, index) => this.#row(row, from + index));
    this.#body.replaceChildren(spacer(above), ...drawn.flat(), spacer(below), ...this.#notShown(end));
    const detail = this.#body.querySelector<HTMLElement>(".detail");
    if (detail !== null) this.#openHeight = detail.offsetHeight;
    if (focused >= 0)
      this.#body.querySelector<HTMLElement>(`tr[data-row="${focused}"] button`)?.focus({ preventScroll: true });
  }

  #focusedRow(): number {
    const row = document.activeElement?.closest("tr");
    return row != null && this.#body.contains(row) ? Number(row.dataset["row"] ?? -1) : -1;
  }

  #notShown(end: number): HTMLElement[] {
    const rest = this.#rows.length - end;
    if (rest <= 0) return this.#rows.length > 0 ? [] : [note(this.#columns.length, "No row matches.")];
    return [note(this.#columns.length, `${count(rest)} more rows are not printed; the page on a screen has them.`)];
  }

  #row(row: number, place: number): HTMLElement[] {
    const isOpen = row === this.#open;
    const cells = this.#columns.map((column, index) =>
      index === 0 ? this.#opener(column, row, isOpen) : this.#cell(column, row),
    );
    const line = element(
      "tr",
      { "aria-rowindex": place + 2, "data-row": row, class: isOpen ? "open" : null },
      ...cells,
    );
    return isOpen ? [line, this.#detail(row)] : [line];
  }

  #opener(column: ColumnData, row: number, isOpen: boolean): HTMLElement {
    const text = this.#table.text(column, row);
    const button = element(
      "button",
      {
        type: "button",
        class: "opener",
        "aria-expanded": String(isOpen),
        "aria-label": `${column.title} ${text}, details`,
      },
      text,
    );
    return element("td", { class: isNumber(column) ? "number" : null }, button);
  }

  #cell(column: ColumnData, row: number): HTMLElement {
    const text = this.#table.text(column, row);
    if (column.kind === "anomalies") return element("td", {}, ...anomalyLinks(text));
    const failed = column.kind === "outcome" && text.startsWith(FAILED_MARK);
    const style = failed ? "failed" : isNumber(column) ? "number" : null;
    return element("td", { class: style, title: column.wide ? text : null }, text);
  }

  #detail(row: number): HTMLElement {
    const wide = this.#columns.filter((column) => column.wide);
    const list = element("dl", {});
    for (const column of [...wide, ...this.#details]) {
      const text = this.#table.text(column, row);
      if (this.#table.value(column, row) === null || text === "") continue;
      list.append(
        element(
          "div",
          {},
          element("dt", {}, column.title),
          element("dd", { class: column.kind === "lines" ? "lines" : null }, text),
        ),
      );
    }
    return element("tr", { class: "detail" }, element("td", { colspan: this.#columns.length }, list));
  }
}

function isNumber({ kind }: ColumnData): boolean {
  return kind === "number" || kind === "duration" || kind === "size";
}

function anomalyLinks(numbers: string): (HTMLElement | string)[] {
  const links = numbers.split(" ").filter((number) => number !== "");
  return links.flatMap((number, index) => [
    ...(index > 0 ? [" "] : []),
    document.getElementById(`anomaly-${number}`) === null
      ? number
      : element("a", { href: `#anomaly-${number}`, "aria-label": `anomaly ${number}` }, number),
  ]);
}

function spacer(height: number): HTMLElement {
  const cell = element("td");
  cell.style.height = `${height}px`;
  return element("tr", { class: "spacer", "aria-hidden": "true", hidden: height === 0 }, cell);
}

function note(columns: number, text: string): HTMLElement {
  return element("tr", { class: "note" }, element("td", { colspan: columns }, text));
}
