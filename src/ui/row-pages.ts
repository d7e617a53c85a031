/** Pages that hold a row of a list, a DHCP exchange or a series of probes: both grow while a live session goes on. */
import type { RowQuery, TableName, ViewSource } from "../report/view-source.ts";
import { TABLES } from "./columns.ts";
import type { Page, UiState } from "./state.ts";

export type RowPage = Extract<Page, { readonly kind: "dhcp" | "probe" }>;

/** Rows of the same port or client, newest first, among which that of an open page is looked for. */
const SEARCHED_ROWS = 200;

export function isRowPage(page: Page): page is RowPage {
  return page.kind === "dhcp" || page.kind === "probe";
}

/** Names the row from one snapshot to the next. */
export function rowKey(page: RowPage): string {
  if (page.kind === "probe") {
    const { vm, kind, path } = page.series;
    return `probe ${vm.address} ${vm.port} ${kind} ${path ?? ""}`;
  }
  const { clientMac, transactionId, messages } = page.exchange;
  return `dhcp ${clientMac} ${transactionId} ${messages[0]?.at ?? ""}`;
}

/** The page with the row as the source knows it by now; null when it is not among those that were looked through. */
export async function newestPage(page: RowPage, source: ViewSource): Promise<RowPage | null> {
  const pages =
    page.kind === "probe"
      ? await pagesOf("probes", `port:${page.series.vm.port}`, null, source)
      : await pagesOf("dhcp", `client:${page.exchange.clientMac}`, { column: "time", descending: true }, source);
  const key = rowKey(page);
  return pages.find((one): one is RowPage => isRowPage(one) && rowKey(one) === key) ?? null;
}

/** The newer page in place of those that show its row. */
export function withNewest(state: UiState, newest: RowPage): UiState {
  const key = rowKey(newest);
  const pages = state.pages.map((open) =>
    isRowPage(open.page) && rowKey(open.page) === key ? { ...open, page: newest } : open,
  );
  return { ...state, pages };
}

async function pagesOf<Table extends TableName>(
  table: Table,
  filter: string,
  sort: RowQuery["sort"],
  source: ViewSource,
): Promise<Page[]> {
  const { rows } = await source.rows<Table>({ table, filter, sort, start: 0, count: SEARCHED_ROWS });
  return rows.map(({ row }) => TABLES[table].page(row));
}
