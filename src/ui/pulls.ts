/** Which questions the screen has for its source, given what the person looks at. */

import { MAX_QUOTED_PACKETS } from "../limits.ts";
import type { PacketRef } from "../report/report.ts";
import type { RowQuery, TableName } from "../report/view-source.ts";
import { anomalyOf, type ScreenModel } from "./model.ts";
import { isRowPage, type RowPage, rowKey } from "./row-pages.ts";
import { shownTable } from "./state.ts";

/** One question. `key` tells it from others of its kind, whatever the revision. */
export type Question =
  | { readonly kind: "overview"; readonly key: string }
  | { readonly kind: "rows"; readonly key: string; readonly query: RowQuery }
  | { readonly kind: "flow"; readonly key: string; readonly id: number }
  | { readonly kind: "row"; readonly key: string; readonly page: RowPage }
  | { readonly kind: "packet"; readonly key: string; readonly packet: PacketRef }
  | {
      readonly kind: "evidence";
      readonly key: string;
      readonly anomaly: string;
      readonly packets: readonly PacketRef[];
    };

/** All that the screen needs, first what matters first. */
export function questionsOf(model: ScreenModel, bodyRows: number): Question[] {
  const questions: Question[] = [{ kind: "overview", key: "" }];
  const table = shownTable(model.state);
  if (table !== null) questions.push(rowsQuestion(table, model, bodyRows));
  const page = model.state.pages.at(-1)?.page;
  if (page?.kind === "flow") questions.push({ kind: "flow", key: String(page.id), id: page.id });
  if (page !== undefined && isRowPage(page)) questions.push({ kind: "row", key: rowKey(page), page });
  if (page?.kind === "packet") {
    const { packet } = page;
    questions.push({ kind: "packet", key: `${packet.source}:${packet.frame}`, packet });
  }
  if (page?.kind === "anomaly") {
    const anomaly = anomalyOf(model.data, page.key);
    if (anomaly !== null) {
      const packets = anomaly.packets.slice(0, MAX_QUOTED_PACKETS);
      questions.push({ kind: "evidence", key: `${page.key} ${packets.length}`, anomaly: page.key, packets });
    }
  }
  return questions;
}

/** The rows on the screen, and as many before and after them, so that moving on finds them there. */
function rowsQuestion(table: TableName, model: ScreenModel, bodyRows: number): Question {
  const { filter, sort, top, follow } = model.state.tables[table];
  const window = model.data.windows[table];
  const first = follow && window !== null ? Math.max(0, window.matched - bodyRows) : top;
  const start = Math.max(0, Math.floor(first / bodyRows) - 1) * bodyRows;
  const query: RowQuery = { table, filter, sort, start, count: 4 * bodyRows };
  return { kind: "rows", key: JSON.stringify([filter, sort, start, query.count]), query };
}
